import Testing
import WorkflowTestKit

@testable import WorkflowModel

@Suite("Words of the text search")
struct SearchWordTests {
    @Test(arguments: [
        ("da", "Daily", true), ("DAILY", "daily", true), ("ily", "Daily", true), ("daily ", "Daily", false), ("aa", "a", false),
        ("100%", "done 100% ok", true), ("a_b", "axb", false), ("\"x\"", "say \"x\"", true), ("'; --", "a'; --b", true),
        // ß, ẞ and SS are equal, also across the edges of the word.
        ("strasse", "Hauptstraße 1", true), ("STRAẞE", "hauptstrasse", true), ("straße", "STRASSE", true), ("ss", "ß", true),
        ("ße", "strasse", true),
        // Both forms of é, in the word and in the text.
        ("caf\u{E9}", "CAFE\u{301} 2", true), ("cafe\u{301}", "Caf\u{C9}", true), ("cafe\u{301}", "cafe\u{301}", true),
        ("cafe", "caf\u{E9}", false), ("cafe", "cafe\u{301}", false), ("\u{E9}e", "ne\u{301}e", true),
        // A mark belongs to the letter before it, in texts with and without other scripts.
        ("ab", "ab\u{301}", false), ("ab", "ab\u{301}ab", true), ("a\u{301}b", "\u{E1}b", true), ("bc", "a\u{301}bc", true),
        // Turkish letters: İ is i with a dot, which is not i; ı has the capital I.
        ("istanbul", "\u{130}stanbul", false), ("i\u{307}stanbul", "\u{130}STANBUL", true),
        ("\u{130}stanbul", "i\u{307}stanbul", true),
        ("istanbul", "\u{131}STANBUL", true), ("\u{131}stanbul", "ISTANBUL", true),
        // The Kelvin and the Ångström sign, the long s.
        ("273 k", "273 \u{212A}", true), ("273 \u{212A}", "273 K", true), ("\u{212B}ngstrom", "\u{E5}ngstrom", true),
        ("\u{17F}ee", "SEE", true),
        // Ligatures.
        ("file", "\u{FB01}LE", true), ("\u{FB01}le", "file", true),
        // Greek: both small sigmas.
        ("\u{3C3}\u{3BF}\u{3C2}", "\u{3A3}\u{39F}\u{3A3}", true), ("\u{3B1}\u{3B2}", "\u{391}\u{392}\u{393}", true),
        ("привет", "ПРИВЕТ, МИР", true), ("мир", "МИРЪ", true), ("мирный", "МИР", false),
        // Emoji are whole characters with their modifiers.
        ("\u{1F44D} ok", "\u{1F44D} OK", true), ("\u{1F44D} ok", "\u{1F44D}\u{1F3FD} OK", false),
        ("\u{1F44D}\u{1F3FD} ok", "\u{1F44D}\u{1F3FD} OK", true),
        ("x\u{1F468}", "x\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}", false),
        ("\u{1F1E9}\u{1F1EA}!", "\u{1F1E9}\u{1F1EA}!", true), ("a\u{1F680}", "A\u{1F680}", true),
        // Scripts without case; composed and separate Hangul.
        ("日次", "毎日次回", true), ("日次", "日 次", false), ("\u{D55C}\u{AE00}", "\u{1112}\u{1161}\u{11AB}\u{1100}\u{1173}\u{11AF}", true),
        ("\u{1112}\u{1161}\u{11AB}\u{AE00}", "\u{D55C}\u{AE00}", true), ("ガス", "\u{30AB}\u{3099}ス", true),
        ("カス", "\u{30AB}\u{3099}ス", false),
        ("สวัสดี", "สวัสดีชาวโลก", true), ("ชาว", "สวัสดีชาวโลก", true),
    ])
    func occurInTextsInAnyCaseAndForm(word: String, text: String, occurs: Bool) throws {
        #expect(try #require(SearchWord(word)).occurs(in: text) == occurs)
    }

    @Test func haveTwoToTwoHundredCharacters() {
        #expect(SearchWord("") == nil && SearchWord("a") == nil && SearchWord("ab") != nil)
        #expect(SearchWord(String(repeating: "a", count: 200)) != nil && SearchWord(String(repeating: "a", count: 201)) == nil)
        #expect(SearchWord("\u{1F44D}\u{1F3FD}") == nil && SearchWord("e\u{301}") == nil && SearchWord("e\u{301}e") != nil)
        #expect(SearchWord(String(repeating: "日", count: 200)) != nil && SearchWord(String(repeating: "日", count: 201)) == nil)
        // One character may have any number of marks.
        #expect(SearchWord("a" + String(repeating: "e\u{301}", count: 199)) != nil)
        #expect(SearchWord("ab" + String(repeating: "\u{301}", count: 800)) == nil)
        #expect(SearchWord("a\0b") == nil && SearchWord("\0\0") == nil)
    }

    @Test func areEqualWhenTheirBytesAre() throws {
        let words = try ["Ab", "ab", "\u{E9}e", "e\u{301}e"].map { try #require(SearchWord($0)) }
        #expect(Set(words).count == 4 && words[0] == SearchWord("Ab"))
    }

    @Test func allIncludedAndNoExcludedOneHasToOccur() throws {
        func matches(_ included: [String], _ excluded: [String]) throws -> Bool {
            var words = RunWords()
            for text in included { words.include(try #require(SearchWord(text))) }
            for text in excluded { words.exclude(try #require(SearchWord(text))) }
            #expect(words.isEmpty == (included + excluded).isEmpty)
            return words.matches(name: "Daily load", id: "wf-1", configuration: "cg-daily", message: nil)
        }
        #expect(try matches([], []) && matches(["daily", "WF-1"], []) && !matches(["daily", "wf-2"], []))
        #expect(try matches([], ["peer"]) && !matches([], ["peer", "load"]) && !matches(["load"], ["cg-"]))
        // A word does not go from one text into the next one.
        #expect(try !matches(["loadwf"], []))
    }
}

@Suite("Case folding")
struct CaseFoldingTests {
    /// Numbers replace characters only where they say the same.
    @Test func plainScalarsAreCharactersOfTheirOwn() {
        var plain: [Unicode.Scalar] = []
        for value in UInt32(1)...0x1FFFF {
            guard let scalar = Unicode.Scalar(value), scalar.properties.generalCategory != .unassigned else { continue }
            let text = String(Character(scalar))
            let numbers = CaseFolding.withPlainScalars(of: text) { Array($0) }
            guard let numbers else { continue }
            let characters = CaseFolding.characters(of: text)
            #expect(CaseFolding.plainScalars(of: characters) == numbers, "U+\(String(value, radix: 16))")
            #expect(characters == Array(text.lowercased().uppercased().lowercased()), "U+\(String(value, radix: 16))")
            #expect("a\(text)a".count == 3 && "\(text)\(text)".count == 2, "U+\(String(value, radix: 16))")
            plain.append(scalar)
        }
        // No two of them are equivalent.
        #expect(Set(plain.map { Character($0) }).count == plain.count && plain.count > 30_000)
    }

    @Test func wordsOccurWhereTheirCharactersDo() throws {
        let parts = [
            "a", "B", "s", "SS", "ß", "e", "\u{301}", "\u{E9}", "\u{C9}", "\u{130}", "\u{131}", "i", "K", "\u{212A}", "я", "Я", "日",
            "\u{1F44D}", "\u{1F3FD}", "\u{200D}", "\u{30AB}", "\u{3099}", "\u{390}", "\u{FB01}", " ",
        ]
        let random = SeededRandom(seed: 17)
        var found = 0
        for _ in 0..<4_000 {
            let text = (0..<random.number(in: 0...12)).map { _ in parts[random.number(in: 0...parts.count - 1)] }.joined()
            let typed = (0..<random.number(in: 1...4)).map { _ in parts[random.number(in: 0...parts.count - 1)] }.joined()
            guard let word = SearchWord(typed) else { continue }
            func fold(_ text: String) -> [Character] { Array(text.lowercased().uppercased().lowercased()) }
            let (needle, haystack) = (fold(typed), fold(text))
            let expected = haystack.indices.contains { haystack[$0...].starts(with: needle) }
            #expect(word.occurs(in: text) == expected, "\(typed.debugDescription) in \(text.debugDescription)")
            if expected { found += 1 }
        }
        #expect(found > 20)
    }
}
