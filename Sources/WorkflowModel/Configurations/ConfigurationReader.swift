/// Reads the text of a configuration and checks all of it.
public struct ConfigurationReader: Sendable {
    private let zones: (any ScheduleZones)?
    private let readsAcceptedText: Bool

    /// - Parameter zones: resolves the time zones of schedules. Without it, any zone name is accepted.
    public init(zones: (any ScheduleZones)? = nil) {
        self.init(zones: zones, readsAcceptedText: false)
    }

    private init(zones: (any ScheduleZones)?, readsAcceptedText: Bool) {
        self.zones = zones
        self.readsAcceptedText = readsAcceptedText
    }

    /// Reads versions from a store. An accepted version stays readable on a machine without zone data, and after name rules have
    /// become stricter.
    public static let ofAcceptedText = ConfigurationReader(zones: nil, readsAcceptedText: true)

    /// Reads a configuration.
    ///
    /// - Parameter file: the name of the text in problems: a path, or the id in the request.
    /// - Throws: all problems, sorted by line. A text that is not valid YAML or JSON has only that one problem.
    public func read(_ source: ConfigurationSource, file: String) throws(ConfigurationProblems) -> WorkflowConfiguration {
        let complaints = Complaints(ofAcceptedText: readsAcceptedText)
        let configuration = configuration(source, complaints)
        guard let configuration, complaints.isEmpty else {
            if complaints.isEmpty { complaints.add(nil, "The text is not a configuration.") }
            throw complaints.problems(in: file)
        }
        return configuration
    }

    private func configuration(_ source: ConfigurationSource, _ complaints: Complaints) -> WorkflowConfiguration? {
        if let directory = source.directory, !directory.hasPrefix("/") || directory.utf8.contains(0) {
            complaints.add(nil, "The directory of a configuration must be an absolute path, not \(directory.quoted).")
        }
        guard let root = Self.tree(source, complaints) else { return nil }
        root.checkDuplicates(complaints)
        MisplacedExpressions(complaints: complaints).check(root)
        return ConfigurationTreeReader(complaints: complaints, zones: zones).configuration(root)
    }

    static func tree(_ source: ConfigurationSource, _ complaints: Complaints) -> SourceNode? {
        guard source.text.utf8.count <= ConfigurationLimits.textBytes else {
            let limit = ConfigurationLimits.textBytes / 1_024
            complaints.add(
                nil, "The text of a configuration may have at most \(limit) KiB; this one has \(source.text.utf8.count) bytes.")
            return nil
        }
        guard checkCharacters(source.text, complaints) else { return nil }
        // Some editors begin a file with a byte order mark, which UTF-8 does not need.
        let text = source.text.unicodeScalars.first == "\u{FEFF}" ? String(source.text.unicodeScalars.dropFirst()) : source.text
        switch source.format {
        case .yaml: return YAMLTree.read(text, complaints)
        case .json: return JSONTree.read(text, complaints)
        }
    }

    /// Both formats allow no control characters except tabs and line breaks.
    private static func checkCharacters(_ text: String, _ complaints: Complaints) -> Bool {
        var line = 1
        var isClean = true
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x0A: line += 1
            case 0x09, 0x0D, 0x85: continue
            case 0..<0x20, 0x7F..<0xA0, 0xFFFE, 0xFFFF:
                complaints.add(
                    line, "The line contains the control character \(scalar.codePoint). Only tabs and line breaks are accepted.")
                isClean = false
            default: continue
            }
        }
        return isClean
    }
}

extension ConfigurationSource {
    /// Decodes the bytes of a file or a request.
    ///
    /// - Parameter file: the name of the text in problems.
    /// - Throws: the problem that the bytes are not UTF-8, or too many.
    public init(
        utf8 bytes: some Collection<UInt8>, format: Format, directory: String? = nil, file: String
    ) throws(ConfigurationProblems) {
        guard bytes.count <= ConfigurationLimits.textBytes else {
            let message =
                "The text of a configuration may have at most \(ConfigurationLimits.textBytes / 1_024) KiB; this one has more."
            throw ConfigurationProblems(problems: [ConfigurationProblem(file: file, line: nil, message: message)])
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let line = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
                .firstIndex { String(validating: $0, as: UTF8.self) == nil }
            throw ConfigurationProblems(problems: [
                ConfigurationProblem(
                    file: file, line: line.map { $0 + 1 },
                    message: "The text is not valid UTF-8. Save the configuration in UTF-8.")
            ])
        }
        self.init(text: text, format: format, directory: directory)
    }
}
