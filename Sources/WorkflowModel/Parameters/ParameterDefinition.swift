/// A parameter of a workflow: its type, and which values it accepts.
public struct ParameterDefinition: Hashable, Sendable {
    /// The type of the values.
    public enum Kind: String, CaseIterable, Sendable {
        case string
        /// A whole number in 64 bits.
        case integer
        /// Any finite number, which keeps its digits.
        case number
        case boolean
        /// `2026-11-01`
        case date
        /// An instant, kept in UTC: `2026-11-01T06:30:00.000Z`.
        case datetime
        case json
    }

    @Exact public var name: String
    public var kind: Kind
    @Exact public var about: String?
    /// Whether a start without a value is refused. One with a default always has a value.
    public var isRequired: Bool
    /// Its value in a run that names none.
    public var standard: JSONTemplate?
    /// The least accepted value, of the parameter's type.
    public var minimum: JSONValue?
    /// The greatest accepted value, of the parameter's type.
    public var maximum: JSONValue?
    /// Accepted lengths of a string, in characters.
    public var length: ClosedRange<Int>?
    /// A string has to match as a whole.
    public var pattern: TextPattern?
    /// The accepted strings.
    public var choices: [ExactText]?

    public init(
        name: String, kind: Kind, about: String? = nil, isRequired: Bool = true, standard: JSONTemplate? = nil,
        minimum: JSONValue? = nil, maximum: JSONValue? = nil, length: ClosedRange<Int>? = nil, pattern: TextPattern? = nil,
        choices: [ExactText]? = nil
    ) {
        self.name = name
        self.kind = kind
        self.about = about
        self.isRequired = isRequired
        self.standard = standard
        self.minimum = minimum
        self.maximum = maximum
        self.length = length
        self.pattern = pattern
        self.choices = choices
    }
}

extension ParameterDefinition.Kind {
    /// The value in the form in which it is kept; nil for one of another type.
    ///
    /// Numbers, flags and times are also read from a text, as commands, forms and configurations write them.
    public func value(of given: JSONValue) -> JSONValue? {
        switch (self, given) {
        case (.json, _): given
        case (.string, .string(let text)): text.utf8.contains(0) ? nil : given
        case (.integer, .integer): given
        case (.integer, .string(let text)): Int64(text).flatMap { String($0) == text ? .integer($0) : nil }
        case (.number, .integer): given
        case (.number, .number(let text)): Double(text).map(\.isFinite) ?? false ? given : nil
        case (.number, .string(let text)): JSONTree.isNumber(text) ? JSONValue(json: text.utf8).flatMap(value) : nil
        case (.boolean, .bool): given
        case (.boolean, .string("true")): .bool(true)
        case (.boolean, .string("false")): .bool(false)
        case (.date, .string(let text)): Self.day(text).map(JSONValue.string)
        case (.datetime, .string(let text)): Timestamp(iso8601: text).map { .string($0.iso8601) }
        default: nil
        }
    }

    /// A day as `2026-11-01`; also the day of an instant in UTC, as `${run.range_from}` is one.
    private static func day(_ text: String) -> String? {
        guard text.utf8.count >= dayLength, let instant = Timestamp(iso8601: text) else { return nil }
        // A shorter form, such as that of a month, names no day.
        let beginsWithDay = text.utf8.enumerated().prefix(dayLength).allSatisfy { place, byte in
            place == 4 || place == 7 ? byte == UInt8(ascii: "-") : byte.isDigit
        }
        return beginsWithDay ? String(instant.iso8601.prefix(dayLength)) : nil
    }

    private static let dayLength = 10

    /// Whether values of the type have an order, so that they can have a least and a greatest one.
    var isOrdered: Bool {
        switch self {
        case .integer, .number, .date, .datetime: true
        case .string, .boolean, .json: false
        }
    }

    /// Compares two values of the type. Dates and times are ordered as their texts.
    func precedes(_ left: JSONValue, _ right: JSONValue) -> Bool {
        switch (left, right) {
        case (.integer(let left), .integer(let right)): left < right
        case (.string(let left), .string(let right)): left.precedesByBytes(right)
        default: (Double(left.text) ?? 0) < (Double(right.text) ?? 0)
        }
    }

    /// The accepted values in words.
    public var accepted: String {
        switch self {
        case .string: "a text"
        case .integer: "a whole number"
        case .number: "a number"
        case .boolean: "true or false"
        case .date: "a date such as 2026-11-01"
        case .datetime: "a date-time such as 2026-11-01T06:30:00Z"
        case .json: "a JSON value"
        }
    }
}

extension ParameterDefinition {
    /// The accepted values in words: `a whole number from 1 to 10`.
    public var accepted: String {
        if let choices { return choices.map(\.text).listed(before: "or") }
        var words = kind.accepted
        switch (minimum, maximum) {
        case (let least?, let most?): words += " from \(least.plainText) to \(most.plainText)"
        case (let least?, nil): words += " of at least \(least.plainText)"
        case (nil, let most?): words += " of at most \(most.plainText)"
        case (nil, nil): break
        }
        if let length {
            words +=
                length.upperBound == ParameterLimits.valueBytes
                ? " of at least \(length.lowerBound) characters" : " of \(length.lowerBound) to \(length.upperBound) characters"
        }
        if let pattern { words += " that matches \(pattern.text.quoted)" }
        return words
    }

    /// The value in the form in which it is kept.
    /// - Returns: nil for one that is not accepted.
    public func value(of given: JSONValue) -> JSONValue? {
        guard let value = kind.value(of: given), value.text.utf8.count <= ParameterLimits.valueBytes else { return nil }
        if let minimum, kind.precedes(value, minimum) { return nil }
        if let maximum, kind.precedes(maximum, value) { return nil }
        if case .string(let text) = value {
            if let length, !length.contains(text.count) { return nil }
            if let choices, !choices.contains(ExactText(text)) { return nil }
            if let pattern, !pattern.matches(text) { return nil }
        }
        return value
    }

    /// Why a value is not accepted, in words that follow its name.
    func refusal(of value: JSONValue, written: String) -> String {
        let bytes = value.text.utf8.count
        guard bytes <= ParameterLimits.valueBytes else {
            return "has \(bytes) bytes as JSON. Accepted: \(ParameterLimits.valueBytes) at most"
        }
        return "must be \(accepted), not \(written)"
    }
}
