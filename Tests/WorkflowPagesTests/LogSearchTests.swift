import Testing
import WorkflowModel
import WorkflowTestKit

@testable import WorkflowPages

@Suite("Searching a log") struct LogSearchTests {
    private static let task = TaskInstance(
        id: TaskID(rawValue: "wft-1"), run: RunID(rawValue: "wf-1"), tenant: StoreBench.acme, label: "A",
        state: .succeeded, stateChangedAt: .earliest, createdAt: .earliest, endedAt: .earliest, executionType: "command",
        definitionID: "a", definitionType: "t")

    private func matches(_ query: String, in text: String) -> [Range<Int>] {
        LogSearch(query, in: Array(text.utf8)).matches
    }

    private func panel(_ text: String, _ choice: LogChoice, offset: Int = 0) -> LogPanel {
        LogPanel(KeptOutput(attempt: 1, offset: offset, bytes: Array(text.utf8), isLast: true), choice, of: Self.task)
    }

    @Test func everyMatchCountsWhateverItsCase() {
        #expect(matches("ERROR", in: "an error, an Error") == [3..<8, 13..<18])
        #expect(matches("aa", in: "aaaaa") == [0..<2, 2..<4], "Matches do not overlap.")
        #expect(matches("abac", in: "abababac") == [4..<8])
        #expect(matches("", in: "abc").isEmpty && matches("abcd", in: "abc").isEmpty)
    }

    @Test func charactersBeyondASCIIKeepTheirPlaces() {
        #expect(matches("grün", in: "ä GRÜN x") == [3..<8])
        // The Kelvin sign is a k of three bytes; a dotted capital I has no single lower-case character.
        #expect(matches("5k", in: "İ5\u{212A}!") == [2..<6])
    }

    @Test func theCostOfAPatternThatRepeatsIsBounded() {
        let text = [UInt8](repeating: UInt8(ascii: "a"), count: 200_000)
        #expect(LogSearch(String(repeating: "a", count: 199) + "b", in: text).matches.isEmpty)
        #expect(LogSearch("a", in: text).matches.count == 200_000)
    }

    @Test func theMatchThatIsAskedForIsShownWithItsPlaceAndItsNeighbours() {
        let text = (1...1_602).map { "line \($0): an error\n" }.joined()
        let found = panel(text, LogChoice(query: "ERROR", match: 17))
        #expect(found.search?.words == "Match 17 of 1,602")
        #expect(found.search?.previous == "/runs/wf-1/tasks/wft-1?attempt=1&q=ERROR&match=16#match")
        #expect(found.search?.next == "/runs/wf-1/tasks/wft-1?attempt=1&q=ERROR&match=18#match")
        #expect(
            found.html.contains(
                "<span class=\"number\">17</span> line 17: an <mark class=\"current\" id=\"match\">error</mark>\n"))
        #expect(found.html.contains("line 16: an <mark>error</mark>") && found.html.contains("<span class=\"number\">117</span>"))
        #expect(!found.html.contains("<span class=\"number\">119</span>") && found.html.utf8.count < 30_000)
        let last = panel(text, LogChoice(query: "error", match: 9_999))
        #expect(last.search?.words == "Match 1,602 of 1,602" && last.search?.next == nil)
        #expect(panel(text, LogChoice(query: "nothing")).search?.words == "No match")
    }

    @Test func matchesAreFoundAcrossColoursAndKeepThem() {
        let found = panel("ok\nan \u{1B}[31mer\u{1B}[1mror\u{1B}[0m <x>\n", LogChoice(query: "an error <"))
        #expect(found.search?.words == "Match 1 of 1")
        #expect(
            found.html == "<span class=\"number\">1</span> ok\n<span class=\"number\">2</span> "
                + "<mark class=\"current\" id=\"match\">an </mark><span class=\"a31\"><mark class=\"current\">er</mark></span>"
                + "<span class=\"a1 a31\"><mark class=\"current\">ror</mark></span>"
                + "<mark class=\"current\"> &lt;</mark>x&gt;\n")
    }

    @Test func onlyTheLinesWithMatchesAreShownOnRequest() {
        let text = "one\ntwo x x\nthree\nfour X\n"
        let found = panel(text, LogChoice(query: "x", showsOnlyMatches: true))
        #expect(found.search?.words == "3 matches")
        #expect(
            found.html == "<span class=\"number\">2</span> two <mark class=\"current\" id=\"match\">x</mark> <mark>x</mark>\n"
                + "<span class=\"number\">4</span> four <mark>X</mark>\n")
        let many = panel(String(repeating: "x\n", count: 501), LogChoice(query: "x", showsOnlyMatches: true))
        #expect(many.search?.words == "501 matches; the first matching lines are shown")
    }

    @Test func aLogOfOneLongLineIsShownAroundTheMatch() {
        let text = String(repeating: "é", count: 300_000) + "needle" + String(repeating: "é", count: 100_000)
        let found = panel(text, LogChoice(query: "needle"))
        #expect(found.search?.words == "Match 1 of 1")
        #expect(found.html.contains("é<mark class=\"current\" id=\"match\">needle</mark>é"))
        #expect(found.html.utf8.count < 2 * LogExcerpt.contextBytes + 200 && !found.html.contains("\u{FFFD}"))
    }
}
