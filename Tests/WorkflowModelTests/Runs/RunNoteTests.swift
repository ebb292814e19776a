import Testing
import WorkflowModel

@Suite("Notes on a run")
struct RunNoteTests {
    @Test(
        arguments: [
            ("a", nil), ("two\nlines\tand a tab", nil), ("🐕", nil), ("", "is empty"), ("\u{200B}", "has no visible characters"),
            ("a\0b", "contains the control character U+0000"), ("a\u{1B}[1m", "contains the control character U+001B"),
        ] as [(String, String?)])
    func haveText(text: String, problem: String?) {
        #expect(RunNote.problem(with: text) == problem)
    }

    @Test func areSoLongAndNoLonger() {
        let longest = String(repeating: "ä", count: RunNote.characters.upperBound)
        #expect(RunNote.problem(with: longest) == nil)
        #expect(RunNote.problem(with: longest + "b") == "has 1001 characters")
        // A character of four bytes each, and one that has more.
        let dogs = String(repeating: "🐕", count: RunNote.characters.upperBound)
        #expect(dogs.utf8.count == RunNote.bytes && RunNote.problem(with: dogs) == nil)
        #expect(RunNote.problem(with: "e" + String(repeating: "\u{301}", count: 2_000)) == "has 4001 bytes")
    }

    @Test(arguments: [("  a b \r\n", "a b"), ("a\r\nb\r\n\r\n", "a\nb"), ("\n\t ", ""), ("a", "a")])
    func loseSpacesAroundThem(text: String, kept: String) {
        #expect(RunNote.kept(text) == kept)
    }
}
