public import WorkflowModel

/// The parameters of one request, each known, there once, and not empty.
public struct Parameters: Hashable, Sendable {
    private var values: [String: String] = [:]

    /// - Parameters:
    ///   - query: as it came.
    ///   - accepted: the names that the route knows; `api_version` is known everywhere.
    /// - Throws: ``APIError`` (400) for a parameter that is unknown, repeated or empty. A misspelt filter must not silently return everything.
    public init(_ query: QueryString, accepting accepted: [String]) throws(APIError) {
        for pair in query.pairs {
            guard accepted.contains(pair.name) || pair.name == APIVersion.parameterName else {
                throw .invalid("The parameter \(pair.name.quoted) is not known here; \(Self.list(of: accepted)).")
            }
            try Self.checkSecondQuestionMark(in: pair, accepted: accepted)
            guard values.updateValue(pair.value, forKey: pair.name) == nil else {
                throw .invalid("The parameter \(pair.name) is there more than once; send it once.")
            }
            guard !pair.value.isEmpty else {
                throw .invalid("The parameter \(pair.name) is empty; give it a value or leave it out.")
            }
        }
    }

    public subscript(name: String) -> String? { values[name] }

    /// - Throws: ``APIError`` (400)
    func timestamp(_ name: String) throws(APIError) -> Timestamp? {
        guard let text = values[name] else { return nil }
        guard let instant = Timestamp(iso8601: text) else {
            throw .invalid("\(name) is \(text.quoted), which is not a date-time; accepted is \(Timestamp.acceptedForms).")
        }
        return instant
    }

    /// Only digits: no sign, no space, no other notation.
    /// - Throws: ``APIError`` (400)
    public func integer(_ name: String, in range: ClosedRange<Int>) throws(APIError) -> Int? {
        guard let text = values[name] else { return nil }
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard text.utf8.allSatisfy(digits.contains), let value = Int(text), range.contains(value) else {
            throw .invalid(
                "\(name) is \(text.quoted); accepted is an integer from \(range.lowerBound) to \(range.upperBound).")
        }
        return value
    }

    /// - Throws: ``APIError`` (400)
    func boolean(_ name: String) throws(APIError) -> Bool? {
        guard let text = values[name] else { return nil }
        switch text {
        case "true": return true
        case "false": return false
        default: throw .invalid("\(name) is \(text.quoted); accepted are true and false.")
        }
    }

    /// - Throws: ``APIError`` (400) when it ends before it starts. One of zero length holds nothing.
    public func window(from: String, to: String) throws(APIError) -> TimeWindow? {
        let window = TimeWindow(from: try timestamp(from), to: try timestamp(to))
        if let start = window.from, let end = window.to, end < start {
            throw .invalid("\(to) (\(end.iso8601)) is before \(from) (\(start.iso8601)); a window ends after it starts.")
        }
        return window.from == nil && window.to == nil ? nil : window
    }

    /// Documented examples in circulation say `?limit=12?with_total=true`. A `?` may stand in a value, so it only counts where a
    /// parameter's name follows it.
    private static func checkSecondQuestionMark(in pair: QueryString.Pair, accepted: [String]) throws(APIError) {
        let value = pair.value.utf8
        for mark in value.indices where value[mark] == UInt8(ascii: "?") {
            let rest = pair.value[value.index(after: mark)...]
            guard let end = rest.firstIndex(of: "="), accepted.contains(String(rest[..<end])) else { continue }
            throw .invalid(
                "There is a second \"?\" after \("\(pair.name)=\(pair.value[..<mark])".quoted), before \(rest[..<end]); "
                    + "parameters are parted by \"&\": \(pair.name)=\(String(pair.value[..<mark]).shortened)&\(String(rest).shortened)"
            )
        }
    }

    private static func list(of accepted: [String]) -> String {
        accepted.isEmpty
            ? "it takes no parameters but \(APIVersion.parameterName)"
            : "accepted are \((accepted + [APIVersion.parameterName]).joined(separator: ", "))"
    }
}
