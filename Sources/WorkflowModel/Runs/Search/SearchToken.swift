/// A part of a search's text between spaces, before its key is looked up.
struct SearchToken {
    /// A value, with its quotes removed.
    struct Value {
        var text: String
        var isQuoted: Bool
        /// The first scalar, counted from the beginning of the search; that of the quote if it has one.
        var start: Int
    }

    enum Fault {
        case quoteWithoutEnd
        case textAfterQuote
    }

    /// As it was typed.
    var text: String
    /// The first scalar.
    var start: Int
    var isExcluded = false
    /// The text before the colon; nil for a word without a key.
    var key: String?
    /// At least one, which may be empty.
    var values: [Value] = []
    var fault: Fault?

    /// Whether it is a word that can be a part of a state's or a month's name.
    var isPlainWord: Bool { key == nil && values.count == 1 && !values[0].isQuoted }

    /// The number of scalars before the colon, when the text begins with the form of a key: a letter, then letters, digits, `-` and
    /// `_`.
    static func keyLength(of text: some StringProtocol) -> Int? {
        keyLength(of: text.unicodeScalars)
    }

    static func keyLength(of scalars: some Sequence<Unicode.Scalar>) -> Int? {
        var length = 0
        for scalar in scalars {
            if scalar == ":" { return length > 0 ? length : nil }
            guard let byte = UInt8(exactly: scalar.value),
                byte.isLetterOrDigit && !(length == 0 && byte.isDigit) || length > 0 && "-_".utf8.contains(byte)
            else { return nil }
            length += 1
        }
        return nil
    }
}

/// Takes a search apart into tokens. It never fails, so that completion can use it while a text is being typed.
struct SearchTokenizer {
    private let scalars: [Unicode.Scalar]
    private var position = 0
    /// Whether the values of a key are separated by commas.
    private let hasList: (_ key: String) -> Bool

    init(_ text: String, hasList: @escaping (String) -> Bool) {
        scalars = Array(text.unicodeScalars)
        self.hasList = hasList
    }

    mutating func next() -> SearchToken? {
        while position < scalars.count, scalars[position].isSearchSpace { position += 1 }
        guard position < scalars.count else { return nil }
        var token = SearchToken(text: "", start: position)
        if scalars[position] == "-", position + 1 < scalars.count, !scalars[position + 1].isSearchSpace {
            token.isExcluded = true
            position += 1
        }
        if let length = SearchToken.keyLength(of: scalars[position...]) {
            token.key = text(position, position + length)
            position += length + 1
        }
        readValues(of: &token)
        token.text = text(token.start, position)
        return token
    }

    private mutating func readValues(of token: inout SearchToken) {
        let hasList = token.key.map(hasList) ?? false
        while true {
            let start = position
            if position < scalars.count, scalars[position] == "\"" {
                let text = quoted(&token)
                token.values.append(SearchToken.Value(text: text, isQuoted: true, start: start))
                if token.fault == nil, !isAtEnd(ofValueIn: hasList) {
                    token.fault = .textAfterQuote
                    skipValue(inList: false)
                }
            } else {
                skipValue(inList: hasList)
                token.values.append(SearchToken.Value(text: text(start, position), isQuoted: false, start: start))
            }
            guard hasList, position < scalars.count, scalars[position] == "," else { return }
            position += 1
        }
    }

    /// Reads to the quote that ends the value. `\"` and `\\` mean the second character; another backslash is a backslash.
    private mutating func quoted(_ token: inout SearchToken) -> String {
        var value = String.UnicodeScalarView()
        position += 1
        while position < scalars.count {
            let scalar = scalars[position]
            position += 1
            if scalar == "\"" { return String(value) }
            if scalar == "\\", position < scalars.count, scalars[position] == "\"" || scalars[position] == "\\" {
                value.append(scalars[position])
                position += 1
            } else {
                value.append(scalar)
            }
        }
        token.fault = .quoteWithoutEnd
        return String(value)
    }

    private mutating func skipValue(inList: Bool) {
        while !isAtEnd(ofValueIn: inList) { position += 1 }
    }

    private func isAtEnd(ofValueIn list: Bool) -> Bool {
        position >= scalars.count || scalars[position].isSearchSpace || list && scalars[position] == ","
    }

    private func text(_ start: Int, _ end: Int) -> String {
        String(String.UnicodeScalarView(scalars[start..<end]))
    }
}
