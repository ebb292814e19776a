import Testing
import WorkflowTestKit

@testable import WorkflowModel

/// An index finds every text that has a word, and few others.
@Suite struct IndexedTextTests {
    private static let texts = [
        "Daily load", "DAILY\nLOAD", "a\r\nb c", "\r\nx", "Straße", "STRASSE", "GRO\u{308}SSE", "Größe", "ΟΔΟΣ ΣΑΣ", "οδός σας",
        "İstanbul",
        "caf\u{E9} noir", "CAFE\u{301} NOIR", "日本語の表", "ﬁne", "a\u{0}0b", "👩‍👩‍👧 family", "300 \u{212A}elvin", "x\u{301}yz",
        "\u{301}abc",
        "it's \"quoted\"", "\u{1100}\u{1161}\u{11A8} haa", "\u{AC01} haa", "\u{AC00}\u{11A8} haa", "か\u{3099}ぱ ahh",
        "がは\u{309A} ahh",
        "ا\u{653}بج", "آبج", "=\u{338}abc", "≠abc", "\u{F900}塚abc", "\u{8C48}\u{FA10}abc", "\u{2329}x1\u{232A}",
        "\u{3008}x1\u{3009}",
        "\u{1FEF}abc", "`abc", "\u{37E}xyz", ";xyz", "e\u{301}e\u{301}e\u{301}", "🇩🇪🇫🇷 flags", "\u{FFFD}\u{FFFD}\u{FFFD}", "",
    ]

    /// Parts of texts, as they are and in other cases.
    private static func words(_ texts: [String], _ random: SeededRandom) -> [SearchWord] {
        texts.flatMap { text -> [SearchWord] in
            let characters = Array(text)
            guard characters.count >= 2 else { return [] }
            return (0..<40).flatMap { _ -> [SearchWord] in
                let begin = random.number(in: 0...characters.count - 2)
                let word = String(characters[begin...random.number(in: begin + 1...characters.count - 1)])
                return [word, word.uppercased(), word.lowercased()].compactMap { SearchWord($0) }
            }
        }
    }

    private static func trigrams(of form: String) -> Set<String> {
        let scalars = Array(form.unicodeScalars)
        return Set(scalars.indices.dropLast(2).map { place in scalars[place...place + 2].map { String($0) }.joined() })
    }

    @Test func aTextWithAWordHasItsTrigrams() {
        var occurrences = 0
        for word in Self.words(Self.texts, SeededRandom(seed: 1)) {
            guard let trigrams = word.trigrams else { continue }
            for text in Self.texts where word.occurs(in: text) {
                occurrences += 1
                let found = Self.trigrams(of: IndexedText.form(of: text))
                #expect(found.isSuperset(of: trigrams), "\(word.text.debugDescription) in \(text.debugDescription)")
            }
        }
        #expect(occurrences > 1_500)
    }

    @Test func anIDWithAWordIsAmongThoseThatAreFound() {
        let random = SeededRandom(seed: 2)
        let ids = (0..<60).map { number -> RunID in
            let id = RunID(at: StoreBench.after(Double(number) * 90_000), using: random)
            switch number % 6 {
            case 0: return RunID(rawValue: String(id.rawValue.dropLast()))
            case 1: return RunID(rawValue: "É" + id.rawValue)
            case 2: return RunID(rawValue: id.rawValue.uppercased())
            default: return id
            }
        }
        var occurrences = 0
        for word in Self.words(ids.map(\.rawValue), random) {
            guard let ways = word.trigramsOfIDs else { continue }
            for id in ids where word.occurs(in: id.rawValue) {
                occurrences += 1
                let found = Self.trigrams(of: IndexedText.form(of: id))
                #expect(ways.contains { found.isSuperset(of: $0) }, "\(word.text) in \(id)")
            }
        }
        #expect(occurrences > 800)
    }

    @Test func aWordHasFewTrigrams() throws {
        let longest = try #require(SearchWord(String((0..<200).map { Character(Unicode.Scalar(UInt8(97 + $0 % 26))) })))
        let trigrams = try #require(longest.trigrams)
        #expect(trigrams.count <= 16 && trigrams.contains("pqr"), "the last one, too")
        #expect(SearchWord("abcabc")?.trigrams == ["abc"])
        #expect(SearchWord("abcd")?.trigrams == ["abc", "bcd"])
        #expect(SearchWord("Reset")?.trigrams == ["res", "set"])
    }

    @Test(arguments: ["ab", "e\u{301}\u{302}xy", "👩‍👩‍👧 family"])
    func anIndexDoesNotKnowShortWordsAndRareCharacters(_ text: String) throws {
        #expect(try #require(SearchWord(text)).trigrams == nil)
    }

    @Test(arguments: [
        ("wf-20231114-00001-aBcDeF", [["wf-", "202", "311", "14-", "000", "01-", "abc", "def"], ["abc", "def"]]),
        ("wf-20231114-00001-aBcDe", [["wf-", "202", "311", "14-", "000", "01-", "abc", "cde"], ["abc", "cde"]]),
        // No id of the usual form has these words.
        ("connection reset", [["con", "nec", "tio", "n r", "ese", "set"]]), ("cg-daily", [["cg-", "dai", "ily"]]),
        ("Daily", [["dai", "ily"]]),
    ])
    func idsOfTheUsualFormAreFoundByTheirEnd(_ text: String, _ ways: [[String]]) throws {
        #expect(try #require(SearchWord(text)).trigramsOfIDs == ways)
    }

    /// Reading the newest runs finds them soon.
    @Test(arguments: ["wf-", "2023", "wf-20231114", "14-00", "00001-ab", "500"])
    func partsOfIDsThatManyRunsHaveAreNotLookedUp(_ text: String) throws {
        #expect(try #require(SearchWord(text)).trigramsOfIDs == nil)
    }
}
