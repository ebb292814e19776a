/// The members of a parameter.
enum ParameterMembers {
    private typealias Kind = ParameterDefinition.Kind
    private static let lengths = 0...ParameterLimits.valueBytes

    static let type = Member(
        "type", .choice(of: ParameterDefinition.Kind.self), isRequired: true,
        "The type of its values. A `date` is a day, a `datetime` an instant, which is kept in UTC.", example: "date")
    static let about = Member(
        "description", .description, "Its meaning, for the person who starts a run.", example: "Business day to load")
    static let standard = Member(
        "default", .node(.anything), otherwise: "none",
        "The value in a run that names none. `${run.range_from}` and other values of the run can be named; where the run does not have "
            + "them, the parameter has no value.",
        example: "\"${run.range_from}\"")
    static let required = Member(
        "required", .flag, otherwise: "`true` without `default`", "Whether a run has to be started with a value.", example: "false")
    static let minimum = Member(
        "minimum", .node(.anything), otherwise: "no limit", "The least value of an `integer`, `number`, `date` or `datetime`.",
        example: "1")
    static let maximum = Member(
        "maximum", .node(.anything), otherwise: "no limit", "The greatest value of an `integer`, `number`, `date` or `datetime`.",
        example: "1000000")
    static let minLength = Member(
        "min_length", .whole(in: lengths), otherwise: "`0`", "The least number of characters of a `string`.", example: "1")
    static let maxLength = Member(
        "max_length", .whole(in: lengths),
        otherwise: "`\(ParameterLimits.valueBytes)`, which is also the limit in bytes of any value",
        "The greatest number of characters of a `string`.", example: "64")
    static let pattern = Member(
        "pattern", .pattern, otherwise: "any text",
        "Matches each `string` as a whole: a regular expression without look-around and back references.",
        example: "\"[a-z]{2}-[0-9]+\"")
    static let choices = Member(
        "enum", .node(.list(of: .text(.any), count: ParameterLimits.choices)), otherwise: "any text",
        "The accepted values of a `string`, each once.", example: "[eu, us]")

    static let mapping = ConfigurationMapping(
        "parameter", example: "{type: date, description: Business day to load}",
        "A value that each run is started with.",
        [type, about, standard, required, minimum, maximum, minLength, maxLength, pattern, choices],
        rules: [
            .needsValue(pattern.name, of: type.name, in: [Kind.string.rawValue]),
            .needsValue(choices.name, of: type.name, in: [Kind.string.rawValue]),
            .needsValue(minLength.name, of: type.name, in: [Kind.string.rawValue]),
            .needsValue(maxLength.name, of: type.name, in: [Kind.string.rawValue]),
            .needsValue(minimum.name, of: type.name, in: ordered), .needsValue(maximum.name, of: type.name, in: ordered),
        ])

    private static let ordered = Kind.allCases.filter(\.isOrdered).map(\.rawValue)
}
