import Testing
import WorkflowModel

@Suite("Invisible text")
struct VisibleTextTests {
    @Test(arguments: [
        ("daily", "daily"), ("", ""), ("Größe №1 日報", "Größe №1 日報"), ("a\u{0}b", "a<U+0000>b"), ("a\nb\r\t", "a\\nb\\r\\t"),
        ("\u{1B}[2J", "<U+001B>[2J"), ("a\u{7F}\u{9B}", "a<U+007F><U+009B>"), ("a\u{202E}b", "a<U+202E>b"),
        ("\u{2066}a\u{2069}", "<U+2066>a<U+2069>"), ("a\u{200E}\u{200F}\u{61C}", "a<U+200E><U+200F><U+061C>"),
        ("a\u{200B}b\u{2060}\u{FEFF}", "a<U+200B>b<U+2060><U+FEFF>"), ("so\u{AD}ft", "so<U+00AD>ft"), ("\u{3164}", "<U+3164>"),
        ("a\u{2028}b", "a<U+2028>b"), ("a\u{E0041}", "a<U+E0041>"), ("a\u{200D}b", "a<U+200D>b"), ("a\u{200C}b", "a<U+200C>b"),
        ("\u{FE0F}", "<U+FE0F>"),
    ])
    func isEscaped(text: String, shown: String) {
        #expect(text.visible() == shown)
        #expect((text.firstInvisible == nil) == (text == shown))
    }

    @Test(
        "is left where it is part of a script or an emoji",
        arguments: [
            "👨‍👩‍👧", "❤️", "👍🏽", "🏳️‍🌈", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "1️⃣", "می\u{200C}خواهم", "क्\u{200D}ष", "क्\u{200C}ष", "ශ්\u{200D}රී",
            "ه\u{200D}", "葛\u{E0100}", "ᠮᠣᠩᠭᠣᠯ\u{180B}", "ไทย", "\u{600}12",
        ])
    func isLeft(text: String) {
        #expect(text.visible() == text && text.firstInvisible == nil && text.hasSomethingVisible)
    }

    @Test func textsAreCutByScalars() {
        #expect("abcdef".visible(upTo: 6) == "abcdef" && "abcdefg".visible(upTo: 6) == "abcdef…")
        #expect(("a" + String(repeating: "\u{301}", count: 200_000)).visible(upTo: 3) == "a\u{301}\u{301}…")
    }

    @Test(arguments: ["", " ", "\u{3000}", "\u{200B}", "\u{A0}\u{301}", "\u{2800}", "\u{3164}", "\u{0}"])
    func aTextCanHaveNothingToSee(text: String) {
        #expect(!text.hasSomethingVisible && NameRule.problem(with: text) != nil)
    }
}

@Suite("Names")
struct NameRuleTests {
    @Test(
        arguments: [
            (String(repeating: "a", count: 1_024), nil), (String(repeating: "a", count: 1_025), "has 1025 bytes"),
            (String(repeating: "ä", count: 512), nil), (String(repeating: "ä", count: 512) + "a", "has 1025 bytes"),
            (String(repeating: "क्षि", count: 85), nil), (String(repeating: "क्षि", count: 86), "has 1032 bytes"),
            ("a" + String(repeating: "\u{301}", count: 100_000), "has 200001 bytes"), ("", "is empty"),
            ("\u{3000}", "has no visible characters"), ("a\u{202E}b", "contains the invisible character U+202E"),
        ] as [(String, String?)])
    func areMeasuredInBytes(name: String, problem: String?) {
        #expect(NameRule.problem(with: name) == problem)
    }

    @Test(arguments: [
        ("abc", 3, "abc"), ("abc", 2, "ab"), ("äöü", 5, "äö"), ("a\u{301}b", 2, "a"), ("ba\u{301}", 3, "b"),
        ("a\u{301}b", 3, "a\u{301}"),
        ("👨‍👩‍👧", 10, "👨\u{200D}"), ("x👨‍👩‍👧", 10, "x"), ("", 0, ""), ("ä", 1, ""),
    ])
    func areCutBetweenCharacters(text: String, bytes: Int, cut: String) {
        #expect(Array(text.prefix(bytes: bytes).utf8) == Array(cut.utf8))
    }
}
