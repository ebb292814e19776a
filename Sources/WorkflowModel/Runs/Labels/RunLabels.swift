/// A label of a workflow or a run: a key and a value, by the rules of Kubernetes.
public struct RunLabel: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Bytes of the part of a key after its prefix, and of a value.
    public static let longestName = 63
    /// Bytes of the prefix of a key, a DNS subdomain.
    public static let longestPrefix = 253
    public static let acceptedKeys = """
        1 to \(longestName) letters, digits, '-', '_' and '.', beginning and ending with a letter or a digit, after an optional \
        DNS name and '/' (example.com/team)
        """
    public static let acceptedValues = """
        at most \(longestName) letters, digits, '-', '_' and '.', beginning and ending with a letter or a digit; it may be empty
        """

    /// ASCII only, so that Swift's comparison is the one by bytes.
    public let key: String
    public let value: String

    /// nil for a key or a value that the rules exclude.
    public init?(key: String, value: String) {
        guard Self.isKey(key), value.isEmpty || Self.isName(value[...]) else { return nil }
        self.key = key
        self.value = value
    }

    /// Parses `key:value`, the form of filters. A key contains no colon, and neither does a value.
    public init?(_ text: String) {
        guard let colon = text.firstIndex(of: ":") else { return nil }
        self.init(key: String(text[..<colon]), value: String(text[text.index(after: colon)...]))
    }

    /// Parses what a person types: `key=value`, as with other tools, or `key:value`, as in a search. No key and no value contains
    /// either sign.
    public init?(typed text: String) {
        guard let sign = text.firstIndex(where: { $0 == "=" || $0 == ":" }) else { return nil }
        self.init(key: String(text[..<sign]), value: String(text[text.index(after: sign)...]))
    }

    public var description: String { "\(key):\(value)" }

    public static func < (left: RunLabel, right: RunLabel) -> Bool {
        (left.key, left.value) < (right.key, right.value)
    }

    public static func isKey(_ text: String) -> Bool {
        guard let slash = text.firstIndex(of: "/") else { return isName(text[...]) }
        return isDNSName(text[..<slash]) && isName(text[text.index(after: slash)...])
    }

    private static func isName(_ text: Substring) -> Bool {
        let bytes = text.utf8
        guard let first = bytes.first, let last = bytes.last, bytes.count <= longestName else { return false }
        return isLetterOrDigit(first) && isLetterOrDigit(last)
            && bytes.allSatisfy { isLetterOrDigit($0) || [UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ".")].contains($0) }
    }

    private static func isDNSName(_ text: Substring) -> Bool {
        guard text.utf8.count <= longestPrefix else { return false }
        return text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
            guard let first = part.utf8.first, let last = part.utf8.last else { return false }
            return isLowerOrDigit(first) && isLowerOrDigit(last)
                && part.utf8.allSatisfy { isLowerOrDigit($0) || $0 == UInt8(ascii: "-") }
        }
    }

    private static func isLowerOrDigit(_ byte: UInt8) -> Bool {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        isLowerOrDigit(byte) || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
    }
}

/// The labels of a workflow or a run, each key once, sorted by key.
public struct RunLabels: Hashable, Sendable, Sequence {
    /// Labels of a run, those of its workflow included.
    public static let most = 20

    private var labels: [RunLabel] = []

    public init() {}

    /// A label replaces an earlier one with the same key.
    public init(_ labels: some Sequence<RunLabel>) {
        for label in labels { set(label) }
    }

    public var count: Int { labels.count }
    public var isEmpty: Bool { labels.isEmpty }

    public func makeIterator() -> IndexingIterator<[RunLabel]> { labels.makeIterator() }

    public subscript(key: String) -> String? {
        labels.first { $0.key == key }?.value
    }

    public func contains(_ label: RunLabel) -> Bool { labels.contains(label) }

    public mutating func set(_ label: RunLabel) {
        if let place = labels.firstIndex(where: { $0.key >= label.key }) {
            if labels[place].key == label.key { labels[place] = label } else { labels.insert(label, at: place) }
        } else {
            labels.append(label)
        }
    }

    /// These labels with others, which win where both have a key.
    public func merging(_ others: RunLabels) -> RunLabels {
        var merged = self
        for label in others { merged.set(label) }
        return merged
    }

    /// The form in the stores: `key:value`, separated by commas; neither contains a comma. nil without labels.
    package var storedText: String? {
        isEmpty ? nil : labels.map(\.description).joined(separator: ",")
    }

    /// nil for a text that is not of that form.
    package init?(storedText: String) {
        var labels: [RunLabel] = []
        for part in storedText.split(separator: ",", omittingEmptySubsequences: false) {
            guard let label = RunLabel(String(part)) else { return nil }
            labels.append(label)
        }
        self.init(labels)
    }
}

/// A condition on labels: all of some, and none of others.
public struct LabelChoice: Hashable, Sendable {
    public var included: Set<RunLabel> = []
    public var excluded: Set<RunLabel> = []

    public init() {}

    public var isEmpty: Bool { included.isEmpty && excluded.isEmpty }

    public func matches(_ labels: RunLabels) -> Bool {
        included.allSatisfy(labels.contains) && !excluded.contains(where: labels.contains)
    }
}
