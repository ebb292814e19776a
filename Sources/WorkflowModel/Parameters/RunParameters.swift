/// The values of a run's parameters, by name and sorted by it.
///
/// They are fixed when the run is started: defaults are among them, and a rerun has the same ones.
public struct RunParameters: Hashable, Sendable, Sequence {
    private var members = JSONMembers()

    public init() {}

    /// Of several values with one name, the first one counts.
    public init(_ values: some Sequence<(name: String, value: JSONValue)>) {
        for (name, value) in values.sorted(by: { $0.name.precedesByBytes($1.name) }) { members.add(name, value) }
    }

    public var count: Int { members.count }
    public var isEmpty: Bool { members.isEmpty }
    public var names: [String] { members.keys }

    public subscript(name: String) -> JSONValue? { members[name] }

    public func makeIterator() -> AnyIterator<(name: String, value: JSONValue)> { members.makeIterator() }

    /// These values with others, which win where both have a name.
    public func merging(_ others: RunParameters) -> RunParameters {
        RunParameters(Array(others) + Array(self))
    }

    /// A JSON object.
    public var json: JSONText { JSONText(.object(members)) }
}

extension RunParameters {
    /// Letters, digits, `-` and `_`, beginning with a letter or `_`.
    public static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, (1...ParameterLimits.nameBytes).contains(text.utf8.count) else { return false }
        let isBeginning = first.isLetterOrDigit && !first.isDigit || first == UInt8(ascii: "_")
        return isBeginning && text.utf8.allSatisfy { $0.isLetterOrDigit || "-_".utf8.contains($0) }
    }

    public static let acceptedNames =
        "1 to \(ParameterLimits.nameBytes) letters, digits, `-` and `_`, beginning with a letter or `_`"

    /// The form in the stores: a JSON object; nil without values.
    public var storedText: String? { isEmpty ? nil : json.text }

    /// - Returns: nil for a text that is not in the form of ``storedText``.
    public init?(storedText text: String) {
        guard let value = JSONValue(json: text.utf8) else { return nil }
        self.init(value)
    }

    /// - Returns: nil for another value than an object.
    public init?(_ value: JSONValue) {
        guard case .object(let members) = value else { return nil }
        self.init(members)
    }

    /// Why these values cannot be those of a run, as the end of a sentence; nil when they can.
    public var excess: String? {
        if count > ParameterLimits.count { return "are \(count) parameters. Accepted: \(ParameterLimits.count) at most" }
        if let name = names.first(where: { !Self.isName($0) }) {
            return "have the name \(name.quoted). Accepted: \(Self.acceptedNames)"
        }
        if let large = first(where: { $0.value.text.utf8.count > ParameterLimits.valueBytes }) {
            return
                "have \(large.value.text.utf8.count) bytes in \(large.name.quoted). Accepted: \(ParameterLimits.valueBytes) at most"
        }
        let size = json.text.utf8.count
        return size > ParameterLimits.bytes ? "have \(size) bytes together. Accepted: \(ParameterLimits.bytes) at most" : nil
    }
}

extension RunParameters {
    /// The values as texts that a search looks into: each by itself, and together no more than ``ParameterLimits/searchedBytes``. The last
    /// one may be cut.
    public var searchedTexts: [String] {
        var left = ParameterLimits.searchedBytes
        var texts: [String] = []
        for (_, value) in self where left > 0 {
            let text = value.plainText.prefix(bytes: left)
            left -= text.utf8.count
            if !text.isEmpty { texts.append(text) }
        }
        return texts
    }
}

extension JSONValue {
    /// The value as a part of a text: a string without quotes, nothing for null, anything else as JSON.
    public var plainText: String {
        switch self {
        case .null: ""
        case .string(let text): text
        case .bool, .integer, .number, .array, .object: text
        }
    }
}
