/// The forms of text that members have. The patterns accept at least what the reader accepts.
extension TextShape {
    static let id = TextShape(
        "id", plural: "ids", rule: "1 to \(ConfigurationLimits.idBytes) letters, digits, `-`, `_` and `.`; not `.` or `..`",
        pattern: #"^(?!\.{1,2}$)[A-Za-z0-9._-]{1,\#(ConfigurationLimits.idBytes)}$"#)

    static let name = TextShape(
        "name", plural: "names", rule: NameRule.words, pattern: #"^(?=.*\S)[^\x00-\x1F\x7F-\x9F]+$"#, longest: NameRule.bytes)

    static let any = TextShape("text", plural: "texts")
    static let argument = TextShape("text", plural: "texts", rule: "no NUL characters", pattern: #"^[^\x00]*$"#)

    static let durationLongerThanNothing = TextShape(
        "duration", plural: "durations", rule: "longer than 0, at most 365d", pattern: "^(?=.*[1-9])\(durationPattern)$",
        takesScalars: false)

    static let duration = TextShape(
        "duration", plural: "durations", rule: "at most 365d", pattern: "^(?=[0-9])\(durationPattern)$", takesScalars: false)

    static let afterStop = TextShape(
        "duration", plural: "durations", rule: "at most \(ConfigurationLimits.longestAfterStop.configurationText)",
        pattern: "^(?=[0-9])\(durationPattern)$", takesScalars: false)

    static let pollInterval = TextShape(
        "duration", plural: "durations",
        rule:
            "\(ConfigurationLimits.pollIntervals.lowerBound.configurationText) to \(ConfigurationLimits.pollIntervals.upperBound.configurationText)",
        pattern: "^(?=.*[1-9])\(durationPattern)$", takesScalars: false)

    static let pollState = TextShape(
        "text", plural: "texts", rule: "at most \(ConfigurationLimits.pollStateBytes) bytes",
        longest: ConfigurationLimits.pollStateBytes)

    private static let durationPattern = "([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?"

    static let cron = TextShape(
        "cron expression", plural: "cron expressions", rule: "at most \(CronReader.longest) bytes, in quotes",
        pattern: #"^\s*(@[A-Za-z]+|\S+(\s+\S+){4})\s*$"#, longest: CronReader.longest, takesScalars: false)

    static let zone = TextShape(
        "IANA time zone", plural: "IANA time zones", rule: "a zone of the system's zone data", pattern: #"^\S+$"#,
        takesScalars: false)

    static let instant = TextShape(
        "date-time", plural: "date-times", rule: "ISO 8601, also partial; UTC where it names no offset",
        pattern: "^[0-9]{4}(-[0-9]{2}(-[0-9]{2}([Tt ][0-9:.,]+)?)?)?([Zz]|[+-][0-9:]{2,5})?$")

    static let receiver = TextShape(
        "receiver", plural: "receivers", rule: AlertReceiver.nameRule, pattern: "^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$")

    static let secretName = TextShape(
        "name", plural: "names", rule: SecretRule.nameWords, pattern: "^[A-Za-z_][A-Za-z0-9_-]{0,\(SecretRule.longestName - 1)}$")

    static let certificate = TextShape(
        "text", plural: "texts", rule: "one secret, or PEM of at most \(SecretRule.longestValue) bytes",
        pattern: #"^(\s*\$\{[^}]*\}\s*|[^$]*-----BEGIN CERTIFICATE-----[^$]*)$"#, takesScalars: false)
    static let certificateKey = TextShape(
        "text", plural: "texts", rule: "one secret", pattern: #"^\$\{ *secrets[.\[][^}]*\}$"#, takesScalars: false)

    static let labelValue = TextShape(
        "text", plural: "texts", rule: RunLabel.acceptedValues, pattern: "^(\(labelNamePattern))?$")

    /// The name part of a label's key, and a value that is not empty.
    fileprivate static let labelNamePattern = "[A-Za-z0-9]([A-Za-z0-9._-]{0,\(RunLabel.longestName - 2)}[A-Za-z0-9])?"

    static let url = TextShape(
        "URL", plural: "URLs", rule: "`http` or `https`, without a user, at most \(ConfigurationLimits.urlBytes) bytes",
        pattern: ##"^[Hh][Tt][Tt][Pp][Ss]?://(?![/?#:])(?![^/?#]*@)([!#-;=?-\[\]_a-z~]|\$\{[^}]*\})+$"##,
        longest: ConfigurationLimits.urlBytes,
        takesScalars: false)

    static let condition = TextShape(
        "condition", plural: "conditions", rule: "at most \(ExpressionLimits.conditionBytes) bytes", pattern: #"\S"#,
        longest: ExpressionLimits.conditionBytes)

    static let pattern = TextShape(
        "pattern", plural: "patterns", rule: "at most \(ParameterLimits.patternBytes) bytes", longest: ParameterLimits.patternBytes)

    static let description = TextShape(
        "text", plural: "texts", rule: "1 to \(ParameterLimits.descriptionBytes) bytes",
        pattern: #"\S"#, longest: ParameterLimits.descriptionBytes)

    static let replyPath = TextShape(
        "path", plural: "paths", rule: "names with dots between them, or a JSON Pointer; at most \(ReplyPath.longest) bytes",
        pattern: #"^(/.*|[^.]+(\.[^.]+)*)$"#, longest: ReplyPath.longest)

    static let headerValue = TextShape(
        "text", plural: "texts", rule: "one line, at most \(ConfigurationLimits.headerBytes) bytes",
        pattern: #"^[^\x00-\x08\x0A-\x1F\x7F-\x9F]*$"#, longest: ConfigurationLimits.headerBytes)
}

extension NameShape {
    static let header = NameShape(
        "header", rule: "not `content-length`, `transfer-encoding`, `connection` or `host`, which the service sets itself",
        pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$",
        refused: "^([Cc]ontent-[Ll]ength|[Tt]ransfer-[Ee]ncoding|[Cc]onnection|[Hh]ost)$")

    static let resource = NameShape(
        "resource", rule: TenantSettings.resourceRule, pattern: "^[A-Za-z0-9._-]{1,\(ConfigurationLimits.idBytes)}$")

    static let labelKey = NameShape(
        "key", rule: RunLabel.acceptedKeys,
        pattern: "^(?=[^/]{1,\(RunLabel.longestPrefix)}/|[^/]+$)(\(dnsPattern)/)?\(TextShape.labelNamePattern)$")

    private static let dnsPattern = #"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*"#

    static let parameter = NameShape(
        "name", rule: RunParameters.acceptedNames, pattern: "^[A-Za-z_][A-Za-z0-9_-]{0,\(ParameterLimits.nameBytes - 1)}$")

    static let outputName = NameShape(
        "name", rule: "\(RunParameters.acceptedNames); not `warnings`",
        pattern: "^[A-Za-z_][A-Za-z0-9_-]{0,\(ParameterLimits.nameBytes - 1)}$", refused: "^warnings$")

    static let variable = NameShape(
        "name", rule: EnvironmentRule.acceptedNames,
        pattern: "^[A-Za-z_][A-Za-z0-9_]{0,\(ExpressionLimits.variableName - 1)}$", refused: "^WEIR_")

    static let ending = NameShape(
        "exit code, status or `timeout`",
        rule: "exit codes 1 to 255 with `command`, statuses 100 to 599 with `http`",
        pattern: "^(timeout|0*([1-9]|[1-9][0-9]|[1-5][0-9][0-9]))$")
}
