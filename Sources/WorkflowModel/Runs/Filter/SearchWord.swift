/// A text to look for, prepared for many comparisons.
///
/// It occurs in a text as a sequence of whole characters: `e` is no part of `é`, in either of the forms that Unicode has for it.
public struct SearchWord: Hashable, Sendable {
    /// As it was typed. Two words that differ in case only are different words that find the same runs.
    @Exact public private(set) var text: String
    /// The folded form, when it is ASCII.
    private let ascii: Pattern<UInt8>?
    /// The folded form, when each of its scalars is plain; see ``CaseFolding``.
    private let scalars: Pattern<UInt32>?
    private let characters: Pattern<Character>

    /// nil for a text that is not accepted; see ``RunWords/accepted``.
    public init?(_ text: String) {
        guard RunWords.characters.contains(text.count), text.utf8.count <= RunWords.longestWord else { return nil }
        guard !text.unicodeScalars.contains("\0") else { return nil }
        self.text = text
        let folded = CaseFolding.characters(of: text)
        let plain = CaseFolding.plainScalars(of: folded)
        characters = Pattern(folded)
        scalars = plain.map { Pattern($0) }
        ascii = plain.flatMap { $0.allSatisfy { $0 < 0x80 } ? Pattern($0.map { UInt8($0) }) : nil }
    }

    /// Roughly the time that the word takes in a text, in those of a word with plain scalars.
    var weight: Int { scalars == nil ? 16 : 1 }

    public static func == (left: SearchWord, right: SearchWord) -> Bool { left.text.isIdentical(to: right.text) }
    public func hash(into hasher: inout Hasher) { text.hashBytes(into: &hasher) }

    /// The folded form, when each of its characters is one plain scalar.
    var plainScalars: [Unicode.Scalar]? { scalars?.elements.compactMap(Unicode.Scalar.init) }

    /// Whether the word is a part of a text.
    public func occurs(in text: String) -> Bool {
        guard let scalars else { return occurs(inCharactersOf: text) }
        var text = text
        if let ascii {
            if let found = text.withUTF8({ Self.find(ascii, in: $0) }) { return found }
        } else if text.withUTF8({ $0.allSatisfy { $0 < 0x80 } }) {
            return false
        }
        return CaseFolding.withPlainScalars(of: text) { scalars.occurs(in: $0) } ?? occurs(inCharactersOf: text)
    }

    /// For words and texts with combined characters, which are few.
    private func occurs(inCharactersOf text: String) -> Bool {
        CaseFolding.mayContain(characters.elements, text) && characters.occurs(in: CaseFolding.characters(of: text))
    }

    /// - Returns: nil when the text is not ASCII: a letter of another script may fold to ASCII, and marks belong to the letter
    ///   before.
    private static func find(_ word: Pattern<UInt8>, in bytes: UnsafeBufferPointer<UInt8>) -> Bool? {
        guard bytes.allSatisfy({ $0 < 0x80 }) else { return nil }
        return word.occurs(in: bytes, as: CaseFolding.lowercased)
    }
}

/// A sequence to look for in others, by Knuth, Morris and Pratt: the time grows with the length of the other one alone, whatever the
/// two have in common.
private struct Pattern<Element: Equatable & Sendable>: Sendable {
    let elements: [Element]
    /// For each beginning of the pattern, the length of the longest shorter beginning that is also its end.
    private let fallbacks: [Int]

    init(_ elements: [Element]) {
        self.elements = elements
        var fallbacks = Array(repeating: 0, count: elements.count)
        var length = 0
        for place in elements.indices.dropFirst() {
            while length > 0, elements[place] != elements[length] { length = fallbacks[length - 1] }
            if elements[place] == elements[length] { length += 1 }
            fallbacks[place] = length
        }
        self.fallbacks = fallbacks
    }

    /// An empty pattern occurs everywhere.
    /// - Parameter fold: makes of an element of the sequence the one to compare.
    @inline(__always)
    func occurs(in sequence: some Sequence<Element>, as fold: (Element) -> Element = { $0 }) -> Bool {
        guard !elements.isEmpty else { return true }
        var length = 0
        for element in sequence {
            let element = fold(element)
            while length > 0, element != elements[length] { length = fallbacks[length - 1] }
            if element == elements[length] { length += 1 }
            if length == elements.count { return true }
        }
        return false
    }
}
