import Testing
import WorkflowModel

@Suite("Patterns of parameters")
struct TextPatternTests {
    @Test(
        "match the whole text",
        arguments: [
            ("abc", ["abc"], ["ab", "abcd", "", "ABC"]),
            ("", [""], ["a"]),
            ("^a$", ["a"], ["", "aa", "^a$"]),
            ("a.c", ["abc", "a.c", "aéc"], ["ac", "a\nc"]),
            ("a|bc|", ["a", "bc", ""], ["b", "abc"]),
            ("(a|b)c", ["ac", "bc"], ["a", "abc"]),
            ("(?:ab)+", ["ab", "abab"], ["", "aba"]),
            ("a*", ["", "aaaa"], ["b", "ab"]),
            ("a?b", ["b", "ab"], ["aab"]),
            ("[a-c_-]{2,3}", ["ab", "_-c"], ["a", "abca", "ad"]),
            ("[^,;]+", ["abc"], ["", "a,b"]),
            ("[]a]", ["]", "a"], ["b"]),
            ("[d-fa-cb-ehx]", ["a", "f", "h", "x"], ["g", "i", "w", "y", "`"]),
            ("[^d-fa-cb-ehx]", ["g", "i", "w", "y", "`"], ["a", "f", "h", "x"]),
            ("[" + String(repeating: "b", count: 400) + "a]{2}", ["ab"], ["ac"]),
            (#"[\d.]+"#, ["1.5"], ["x"]),
            (#"\d{4}-\d{2}"#, ["2026-11"], ["2026-1", "202611"]),
            (#"\w+\s\W\D\S"#, ["a_1 !x?"], ["a !1?", "a_1 ax?"]),
            (#"\.\*\\\{\n"#, [".*\\{\n"], ["a*\\{\n"]),
            ("a{0}b", ["b"], ["ab"]),
            ("a{2,}", ["aa", "aaaaa"], ["a"]),
            ("(a*)*", ["", "aaa"], ["b"]),
            ("(|a){3}", ["", "a", "aaa"], ["aaaa"]),
            ("é", ["é"], ["e"]),
        ] as [(String, [String], [String])])
    func matching(pattern: String, matched: [String], others: [String]) throws {
        let pattern = try TextPattern(pattern)
        for text in matched { #expect(pattern.matches(text), "\(text.debugDescription)") }
        for text in others { #expect(!pattern.matches(text), "\(text.debugDescription)") }
    }

    @Test(
        "are refused with the place of the problem",
        arguments: [
            ("(a", "at character 1, a `(` that is not closed"), ("a)", "at character 2, a `)` that closes no group"),
            ("[a", "at character 1, a `[` that is not closed"), ("*a", "`*` with nothing to repeat"),
            ("a**", "`*` after a repetition"), ("a+?", "`?` after a repetition"), ("a{x}", "at character 2, a `{` without"),
            ("a{3,2}", "a `{` without"), ("a{1001}", "more than 1000 times"), (#"a\"#, "a backslash at its end"),
            (#"\bx"#, #"at character 1, `\b`"#), (#"(a)\1"#, #"`\1`"#), (#"\p{L}"#, #"`\p`"#), ("(?=a)", "`(?` without `:`"),
            ("a^b", "`^` in its middle"), ("a$b", "`$` in its middle"), ("[z-a]", "ends before it begins"),
            ("(((a{100}){100}){100}){100}", "more than 1000 steps"), ("((((){1000}){1000}){1000}){1000}", "more than 1000 steps"),
        ])
    func refused(pattern: String, words: String) {
        let problem = #expect(throws: TextPatternProblem.self) { try TextPattern(pattern) }
        #expect(problem?.message.contains(words) == true, "\(problem?.message ?? "")")
    }

    @Test("may be as large as the limit of steps allows")
    func steps() throws {
        // A part for each character, one for the repetition around it, and one for the whole.
        #expect(try TextPattern("a{\(ParameterLimits.patternSteps - 3)}").matches(String(repeating: "a", count: 997)))
        #expect(throws: TextPatternProblem.self) { try TextPattern("a{\(ParameterLimits.patternSteps - 2)}") }
    }

    @Test("take time that grows with the text only, where backtracking would take forever")
    func hostile() throws {
        let text = String(repeating: "a", count: ParameterLimits.valueBytes)
        for pattern in ["(a+)+b", "(a|a)*b", "(a*)*b", "(.*)(.*)(.*)(.*)(.*)(.*)(.*)b", "(a?){200}a{200}b"] {
            #expect(try !TextPattern(pattern).matches(text))
        }
    }
}
