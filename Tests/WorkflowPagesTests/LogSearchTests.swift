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
                "<a class=\"number\" id=\"L17\" href=\"#L17\">17</a> line 17: an <mark class=\"current\" id=\"match\">error</mark>\n"
            ))
        #expect(
            found.html.contains("line 16: an <mark>error</mark>")
                && found.html.contains("<a class=\"number\" id=\"L117\" href=\"#L117\">117</a>"))
        #expect(!found.html.contains("<a class=\"number\" id=\"L119\" href=\"#L119\">119</a>") && found.html.utf8.count < 30_000)
        let last = panel(text, LogChoice(query: "error", match: 9_999))
        #expect(last.search?.words == "Match 1,602 of 1,602" && last.search?.next == nil)
        #expect(panel(text, LogChoice(query: "nothing")).search?.words == "No match")
    }

    @Test func matchesAreFoundAcrossColoursAndKeepThem() {
        let found = panel("ok\nan \u{1B}[31mer\u{1B}[1mror\u{1B}[0m <x>\n", LogChoice(query: "an error <"))
        #expect(found.search?.words == "Match 1 of 1")
        #expect(
            found.html == "<a class=\"number\" id=\"L1\" href=\"#L1\">1</a> ok\n<a class=\"number\" id=\"L2\" href=\"#L2\">2</a> "
                + "<mark class=\"current\" id=\"match\">an </mark><span class=\"a31\"><mark class=\"current\">er</mark></span>"
                + "<span class=\"a1 a31\"><mark class=\"current\">ror</mark></span>"
                + "<mark class=\"current\"> &lt;</mark>x&gt;\n")
    }

    @Test func onlyTheLinesWithMatchesAreShownOnRequest() {
        let text = "one\ntwo x x\nthree\nfour X\n"
        let found = panel(text, LogChoice(query: "x", showsOnlyMatches: true))
        #expect(found.search?.words == "3 matches")
        #expect(
            found.html
                == "<a class=\"number\" id=\"L2\" href=\"#L2\">2</a> two <mark class=\"current\" id=\"match\">x</mark> <mark>x</mark>\n"
                + "<a class=\"number\" id=\"L4\" href=\"#L4\">4</a> four <mark>X</mark>\n")
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

    @Test func aSmallLogHasLineNumbersWithAddresses() {
        let found = panel("one\ntwo\n", LogChoice())
        #expect(
            found.html == "<a class=\"number\" id=\"L1\" href=\"#L1\">1</a> one\n"
                + "<a class=\"number\" id=\"L2\" href=\"#L2\">2</a> two\n")
        #expect(found.note == nil && found.before == nil && found.after == nil)
    }

    @Test func aLargeLogIsReadByItsLineNumbers() {
        let text = (1...20_000).map { "row \($0)\n" }.joined()
        #expect(panel(text, LogChoice()).earlier == "/runs/wf-1/tasks/wft-1?attempt=1&line=1#log")
        let first = panel(text, LogChoice(line: 1))
        #expect(first.note == "Lines 1 to 500 of 20,000." && first.before == nil)
        #expect(first.after == "/runs/wf-1/tasks/wft-1?attempt=1&line=501#L501")
        let last = panel(text, LogChoice(line: 19_900))
        #expect(last.note == "Lines 19,900 to 20,000 of 20,000." && last.after == nil)
        #expect(last.before == "/runs/wf-1/tasks/wft-1?attempt=1&line=19400#L19400")
        #expect(
            last.html.hasPrefix(
                "<a class=\"number\" id=\"L19900\" href=\"#L19900\">19900</a> row 19900\n"))
        #expect(panel(text, LogChoice(line: 99_999)).html.contains("row 20000"))
    }

    @Test(arguments: [
        ("2024-01-01 ERROR no table", LogLevel.error, true), ("error: no table", .error, true),
        ("level=error msg=x", .error, true),
        (#"{"level":"error","msg":"x"}"#, .error, true),
        ("Traceback (most recent call last):", .error, true),
        ("[WARN] slow", .error, false), ("[WARN] slow", .warning, true),
        ("[ERROR] slow", .warning, true),
        ("no error here", .error, false), ("INFO an errors list", .error, false),
        ("warnings: 3", .warning, false),
    ])
    func levelsAreKnownByTheWordsOfLoggers(line: String, level: LogLevel, isFound: Bool) {
        #expect(level.places(in: Array(line.utf8)).isEmpty == !isFound)
    }

    @Test func aLevelSelectsLinesAndATextAmongThem() {
        let text = "INFO begin x\nERROR one x\nWARN two\nERROR three\n"
        let errors = panel(text, LogChoice(level: .error))
        #expect(errors.search?.words == "2 matches")
        #expect(
            errors.html.contains("</mark> one x\n") && !errors.html.contains("begin")
                && !errors.html.contains("two"))
        #expect(panel(text, LogChoice(level: .warning)).search?.words == "3 matches")
        #expect(panel(text, LogChoice(query: "x", level: .error)).search?.words == "Match 1 of 1")
        #expect(panel("fine\n", LogChoice(level: .error)).search?.words == "No line of this level")
        #expect(errors.levels.filter(\.isChosen).map(\.label) == ["Errors"])
    }
}
