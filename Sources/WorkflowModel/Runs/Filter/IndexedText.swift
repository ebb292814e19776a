/// How the texts of runs are written for an index of trigrams, which are sequences of three scalars.
///
/// A text has a word only if its indexed form has all trigrams of the word. The opposite need not be true: what an index finds is
/// compared with the word again.
public enum IndexedText {
    /// Stands for a character that no indexed word has.
    private static let other: Unicode.Scalar = "\u{FFFD}"

    /// The folded text, with one scalar for each character.
    public static func form(of text: String) -> String {
        var form = String.UnicodeScalarView()
        if let plain = CaseFolding.withPlainScalars(of: text, { $0.map(scalar) }) {
            form.append(contentsOf: plain)
        } else {
            let folded = CaseFolding.characters(of: text)
            form.append(contentsOf: folded.lazy.map { CaseFolding.plainScalars(of: [$0])?.first.map(scalar) ?? other })
        }
        return String(form)
    }

    /// No word has the NUL that a text may have.
    private static func scalar(_ value: UInt32) -> Unicode.Scalar {
        value == 0 ? other : Unicode.Scalar(value) ?? other
    }

    /// The last characters of an id in the usual form, which tell it from others: all that such an id is indexed by. Any other id as
    /// a whole.
    public static func form(of id: RunID) -> String {
        let form = form(of: id.rawValue)
        return IDShape(of: form).map { String(form.suffix($0.ending)) } ?? form
    }
}

extension SearchWord {
    /// Trigrams of a word at most, spread over its whole length. More would leave hardly any other text out.
    private static let mostTrigrams = 16
    /// Scalars of a trigram.
    private static let trigram = 3

    /// Trigrams that every text with the word has in its indexed form; nil for a word of fewer than three characters, and for one
    /// that the index does not know.
    public var trigrams: [String]? { plainScalars.flatMap(Self.trigrams) }

    /// The word as texts with it have it in their indexed form; nil where ``trigrams`` is nil.
    public var indexed: String? {
        plainScalars.flatMap { $0.count >= Self.trigram ? String(String.UnicodeScalarView($0)) : nil }
    }

    /// For each way in which an id can have the word: trigrams that the indexed form of such an id has; nil as in ``partsOfIDs``.
    public var trigramsOfIDs: [[String]]? {
        partsOfIDs.map { parts in
            parts.reduce(into: [[String]]()) { ways, part in
                if let trigrams = Self.trigrams(of: part.unicodeScalars), !ways.contains(trigrams) { ways.append(trigrams) }
            }
        }
    }

    /// For each way in which an id can have the word: the part of the word that the indexed form of such an id has.
    ///
    /// nil for a word without ``trigrams``; and when so many ids may have the word that an index is of no use, such as those of one
    /// day.
    public var partsOfIDs: [String]? {
        guard let scalars = plainScalars, scalars.count >= Self.trigram else { return nil }
        // Ids in another form have all of it.
        var parts = [scalars]
        for shape in IDShape.all {
            for place in shape.places(of: scalars) {
                let part = Array(scalars.dropFirst(max(0, shape.count - shape.ending - place)))
                guard part.count >= Self.trigram else { return nil }
                if !parts.contains(part) { parts.append(part) }
            }
        }
        return parts.map { String(String.UnicodeScalarView($0)) }
    }

    /// Each once.
    private static func trigrams(of scalars: some Collection<Unicode.Scalar>) -> [String]? {
        let scalars = Array(scalars)
        guard scalars.count >= trigram else { return nil }
        let last = scalars.count - trigram
        let step = max(trigram, (last + mostTrigrams - 2) / (mostTrigrams - 1))
        let places = Array(stride(from: 0, to: last, by: step)) + [last]
        var trigrams: [[Unicode.Scalar]] = []
        for place in places {
            let trigram = Array(scalars[place..<place + trigram])
            if !trigrams.contains(trigram) { trigrams.append(trigram) }
        }
        return trigrams.map { String(String.UnicodeScalarView($0)) }
    }
}

/// The usual form of a run's id, folded: `wf-`, eight digits, five digits, and five or six letters and digits.
private struct IDShape {
    static let all = [IDShape(ending: 6), IDShape(ending: 5)]
    /// 0 stands for any digit.
    private static let beginning = Array("wf-00000000-00000-".unicodeScalars)

    /// Letters and digits at the end.
    let ending: Int

    private init(ending: Int) {
        self.ending = ending
    }

    /// nil for an id in another form.
    init?(of id: String) {
        let scalars = Array(id.unicodeScalars)
        guard let shape = Self.all.first(where: { $0.count == scalars.count && $0.fits(scalars, at: 0) }) else { return nil }
        self = shape
    }

    var count: Int { Self.beginning.count + ending }

    /// The places at which an id may have a word.
    func places(of word: [Unicode.Scalar]) -> [Int] {
        guard word.count <= count else { return [] }
        return (0...count - word.count).filter { fits(word, at: $0) }
    }

    private func fits(_ word: [Unicode.Scalar], at place: Int) -> Bool {
        word.enumerated().allSatisfy { offset, scalar in
            guard place + offset < Self.beginning.count else { return scalar.isFoldedLetterOrDigit }
            let expected = Self.beginning[place + offset]
            return expected == "0" ? ("0"..."9").contains(scalar) : scalar == expected
        }
    }
}

extension Unicode.Scalar {
    fileprivate var isFoldedLetterOrDigit: Bool { ("a"..."z").contains(self) || ("0"..."9").contains(self) }
}
