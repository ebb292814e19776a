/// A term of a search, such as `-type:bridge.sync,courier.group/run`. A word of the text search is a term with the key `text`.
public struct SearchTerm: Hashable, Sendable {
    public var key: SearchKey
    public var isExcluded: Bool
    /// At least one. Names of states, attributions and others are as on the wire; times are as they were typed.
    @Exact public var values: [String]

    init(_ key: SearchKey, _ values: [String], isExcluded: Bool = false) {
        self.key = key
        self.values = values
        self.isExcluded = isExcluded
    }

    /// The term as it is written in a search.
    public var text: String {
        let sign = isExcluded ? "-" : ""
        guard key != .text else { return sign + values.map(Self.written(word:)).joined(separator: " ") }
        return "\(sign)\(key.name):" + values.map(Self.written(value:)).joined(separator: ",")
    }

    /// A value after its key, in quotes where it needs them.
    static func written(value: String) -> String {
        let needsQuotes = value.isEmpty || value.hasQuote || value.unicodeScalars.contains { $0.isSearchSpace || $0 == "," }
        return needsQuotes ? value.inSearchQuotes : value
    }

    /// A word without a key, in quotes where it would be read as something else.
    private static func written(word: String) -> String {
        let needsQuotes =
            word.isEmpty || word.hasQuote || word.utf8.first == UInt8(ascii: "-") || SearchToken.keyLength(of: word) != nil
            || word.unicodeScalars.contains(where: \.isSearchSpace) || SearchPhrase.mayBegin(with: word)
        return needsQuotes ? word.inSearchQuotes : word
    }
}

extension String {
    fileprivate var hasQuote: Bool { utf8.first == UInt8(ascii: "\"") }

    fileprivate var inSearchQuotes: String {
        var scalars = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            if scalar == "\"" || scalar == "\\" { scalars.append("\\") }
            scalars.append(scalar)
        }
        return "\"\(String(scalars))\""
    }
}

extension Unicode.Scalar {
    /// Whether it separates terms of a search.
    var isSearchSpace: Bool { properties.isWhitespace }
}
