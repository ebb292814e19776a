/// The rule for names of workflows, stages, keys, labels and types. All readers of names use it.
///
/// Lengths are in bytes of UTF-8 everywhere. A character has no maximum length, and the stores, the wire and imports count bytes.
public enum NameRule {
    /// Bytes of a name at most.
    public static let bytes = 1_024
    public static let words = "1 to \(bytes) bytes without line breaks or other invisible characters"

    /// Why a new name is invalid, in words that follow its quotation; nil for a valid name.
    public static func problem(with text: String) -> String? {
        text.problemAsLine(upTo: bytes)
    }
}

extension String {
    /// Why this is not one line of visible text, in words that follow its quotation; nil when it is one.
    func problemAsLine(upTo bytes: Int) -> String? {
        if utf8.count > bytes { return "has \(utf8.count) bytes" }
        if let scalar = firstInvisible { return "contains the invisible character \(scalar.codePoint)" }
        return hasSomethingVisible ? nil : isEmpty ? "is empty" : "has no visible characters"
    }

    /// The longest beginning that fits into that many bytes, cut between characters, or between scalars where one character is
    /// longer.
    public func prefix(bytes limit: Int) -> String {
        guard utf8.count > limit else { return self }
        var end = utf8.index(startIndex, offsetBy: limit)
        while end > startIndex, end.samePosition(in: unicodeScalars) == nil { end = utf8.index(before: end) }
        let whole = self[..<end]
        // The last character may be cut: it is complete only if the next one begins here.
        guard let last = whole.indices.last, last > startIndex, !isBoundary(end) else { return String(whole) }
        return String(self[..<last])
    }

    private func isBoundary(_ place: Index) -> Bool {
        place.samePosition(in: self) == place
    }
}
