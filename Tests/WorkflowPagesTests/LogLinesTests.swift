import Testing
import WorkflowModel
import WorkflowTestKit

@testable import WorkflowPages

@Suite("Lines of a log") struct LogLinesTests {
    private static let task = TaskInstance(
        id: TaskID(rawValue: "wft-1"), run: RunID(rawValue: "wf-1"), tenant: StoreBench.acme, label: "A",
        state: .running, stateChangedAt: .earliest, createdAt: .earliest, executionType: "command",
        definitionID: "a", definitionType: "t")
    private static let start = Timestamp(milliseconds: 1_700_000_000_000)

    private static func marks(_ marks: [(Int, TaskStream?)], lineBreaks: Int? = 0) -> OutputMarks {
        OutputMarks(
            marks.map { OutputMark(offset: $0.0, time: start + .milliseconds(Int64($0.0)), stream: $0.1) }, lineBreaks: lineBreaks)
    }

    private func panel(
        _ text: String, _ marks: OutputMarks, _ choice: LogChoice = LogChoice(), offset: Int = 0, isLast: Bool = false
    ) -> LogPanel {
        let output = KeptOutput(attempt: 1, offset: offset, bytes: Array(text.utf8), isLast: isLast, marks: marks)
        return LogPanel(output, choice, of: Self.task)
    }

    private static func number(_ number: Int, isError: Bool = false, time: String? = nil) -> String {
        let (kind, title) = isError ? ("number err", " title=\"stderr\"") : ("number", "")
        let clock = time.map { "<time datetime=\"2023-11-14T\($0)Z\" data-clock>\($0) </time>" } ?? ""
        return "<a class=\"\(kind)\" id=\"L\(number)\" href=\"#L\(number)\"\(title)>\(number)</a> \(clock)"
    }

    @Test func linesHaveTheirTimesAndThoseOfStandardErrorASignAndAColour() {
        let shown = panel(
            "one\nb\u{1B}[31mad\u{1B}[0m\nhalf<\ntwo",
            Self.marks([(0, .stdout), (4, .stderr), (17, .stdout), (20, .stderr), (23, .stdout)]))
        #expect(
            shown.html == Self.number(1, time: "22:13:20.000") + "one\n"
                + Self.number(2, isError: true, time: "22:13:20.004")
                + "<span class=\"err\">b</span><span class=\"err a31\">ad</span>\n"
                + Self.number(3, isError: true, time: "22:13:20.017") + "hal<span class=\"err\">f&lt;</span>\n"
                + Self.number(4, time: "22:13:20.023") + "two")
        #expect(shown.hasTimes && shown.hasStreams && shown.isEnd)
        #expect(shown.follow == "/runs/wf-1/tasks/wft-1/log/live?attempt=1" && shown.place == "26..m.4")
    }

    @Test func anEarlierVersionsLogHasNeither() {
        let shown = panel("one\n", OutputMarks(), isLast: true)
        #expect(shown.html == Self.number(1) + "one\n" && !shown.hasTimes && !shown.hasStreams && shown.follow == nil)
    }

    @Test func theEndOfALongLogHasTheNumbersOfTheWholeLog() {
        let text = (1...20_000).map { "row \($0)\n" }.joined()
        let whole = panel(text, Self.marks([(0, .stdout)]))
        let tail = Array(text.utf8).suffix(LogPanel.tailBytes)
        let before = text.utf8.count - tail.count
        let breaks = Array(text.utf8)[..<before].count { $0 == 10 }
        let read = panel(
            String(decoding: tail, as: UTF8.self), Self.marks([(before, .stdout)], lineBreaks: breaks), offset: before)
        for shown in [whole, read] {
            #expect(shown.html.contains(">20000</a> ") && shown.html.hasSuffix("row 20000\n"))
            #expect(shown.html.ranges(of: "class=\"number\"").count == LogPanel.mostLines)
            #expect(shown.html.contains("id=\"L19501\"") && shown.place.hasSuffix("...20001"))
            #expect(shown.note == "Only the end of the log is shown." && shown.earlier?.hasSuffix("&line=1#log") == true)
            #expect(shown.html.utf8.count < 100_000)
        }
    }

    @Test func numbersStayThoseOfTheWholeOutputWhenItsBeginningIsGone() {
        let text = (101...1_000).map { "row \($0)\n" }.joined()
        let marks = Self.marks([(800, .stdout)], lineBreaks: 100)
        #expect(
            panel(text, marks, LogChoice(line: 300), offset: 800).html.hasPrefix(
                Self.number(300, time: "22:13:20.800") + "row 300\n"))
        let first = panel(text, marks, LogChoice(line: 1), offset: 800)
        #expect(first.html.hasPrefix(Self.number(101, time: "22:13:20.800") + "row 101\n") && first.before == nil)
        #expect(first.note == "Lines 101 to 600 of 1,000. The beginning is no longer kept: 800 bytes.")
        #expect(first.after == "/runs/wf-1/tasks/wft-1?attempt=1&line=601#L601" && first.follow == nil)
        let last = panel(text, marks, LogChoice(line: 900), offset: 800)
        #expect(last.before == "/runs/wf-1/tasks/wft-1?attempt=1&line=400#L400" && last.follow != nil && !last.isEnd)
        #expect(panel(text, marks, LogChoice(query: "row 777"), offset: 800).html.contains("id=\"L777\""))
        #expect(panel(text, marks, LogChoice(query: "row 777"), offset: 800).note == nil)
        let unknown = panel(text, OutputMarks(), LogChoice(query: "row 777"), offset: 800)
        #expect(unknown.html.contains("id=\"L677\"") && unknown.note == "Line numbers start at the first kept line.")
    }

    @Test func aStreamSelectsLinesAndTextsAndLevelsAmongThem() {
        let text = "ERROR a\nERROR b\nfine a\nmixed a\n\n"
        let marks = Self.marks([(0, .stdout), (8, .stderr), (16, .stdout), (26, .stderr), (31, .stdout)])
        let errors = panel(text, marks, LogChoice(stream: .stderr))
        #expect(errors.search?.words == "2 lines" && errors.search?.otherView == nil && errors.follow == nil)
        #expect(errors.html.contains("ERROR b") && errors.html.contains("id=\"L4\"") && !errors.html.contains("<mark"))
        #expect(!errors.html.contains("fine") && errors.streams.filter(\.isChosen).map(\.label) == ["stderr (!)"])
        let output = panel(text, marks, LogChoice(stream: .stdout))
        #expect(output.search?.words == "4 lines" && !output.html.contains("ERROR b") && output.html.contains("id=\"L5\""))
        let found = panel(text, marks, LogChoice(query: "a", stream: .stdout))
        #expect(found.search?.words == "Match 1 of 3")
        #expect(found.search?.next == "/runs/wf-1/tasks/wft-1?attempt=1&q=a&stream=stdout&match=2#match")
        #expect(panel(text, marks, LogChoice(level: .error, stream: .stderr)).search?.words == "1 match")
        #expect(panel("x\n", Self.marks([(0, .stdout)]), LogChoice(stream: .stderr)).search?.words == "No line of this stream")
        // Of unknown stream.
        #expect(panel(text, OutputMarks(), LogChoice(stream: .stderr), isLast: true).search?.words == "5 lines")
        let most = panel(String(repeating: "x\n", count: 501), Self.marks([(0, .stderr)]), LogChoice(stream: .stderr))
        #expect(most.search?.words == "501 lines; the first of them are shown")
    }

    /// As the script does it.
    private func shown(_ pieces: [LogPiece]) -> String {
        pieces.reduce(into: "") { shown, piece in
            if piece.erasesLine { shown = shown.lastIndex(of: "\n").map { String(shown[...$0]) } ?? "" }
            shown += piece.html
        }
    }

    /// Without what depends on where a line is divided: the elements of styles, and the sign of a stream that comes later.
    private func lines(_ html: String) -> String {
        html.replacing(/<span[^>]*>|<\/span>/, with: "").replacing("number err", with: "number").replacing(
            " title=\"stderr\"", with: "")
    }

    @Test func aFollowedLogIsTheSameWhereverItIsDivided() throws {
        let bytes = Array("ä\u{1B}[32mgrün\u{1B}[0m €\r\n5%\r\u{1B}[1m6%\r7%\nbad\n\r\u{1B}]8;;x\u{7}🙂\n\nend".utf8)
        let marks = Self.marks([(0, .stdout), (12, .stderr), (27, .stdout), (40, .stderr), (46, .stdout)])
        func slice(from offset: Int, to end: Int) -> OutputSlice {
            var kept: [OutputMark] = []
            for mark in marks.all where mark.offset < end {
                if mark.offset <= offset { kept = [] }
                kept.append(OutputMark(offset: max(offset, mark.offset), time: mark.time, stream: mark.stream))
            }
            return OutputSlice(
                attempt: 1, offset: offset, bytes: Array(bytes[offset..<end]), isLast: end == bytes.count, marks: OutputMarks(kept))
        }
        let whole = LogPiece(slice(from: 0, to: bytes.count), from: LogPlace())
        #expect(whole.html.contains("id=\"L1\"") && whole.html.contains("id=\"L6\"") && !whole.html.contains("id=\"L7\""))
        for cut in 0...bytes.count {
            let first = LogPiece(slice(from: 0, to: cut), from: LogPlace())
            let place = try #require(LogPlace(text: first.place.text))
            let second = LogPiece(slice(from: place.offset, to: bytes.count), from: place)
            #expect(lines(shown([first, second])) == lines(whole.html), "cut at \(cut)")
        }
    }

    @Test func outputThatIsNoLongerKeptEndsTheLineThatIsShown() {
        let slice = OutputSlice(
            attempt: 1, offset: 50, bytes: Array("rest\nnext".utf8), isLast: false,
            marks: OutputMarks([OutputMark(offset: 50, time: nil, stream: .stderr)], lineBreaks: 9))
        let piece = LogPiece(slice, from: LogPlace(offset: 10, line: 3, beginsLine: false))
        #expect(piece.html.hasPrefix("\n" + Self.number(10, isError: true)) && piece.place.line == 11)
        let unknown = LogPiece(
            OutputSlice(attempt: 1, offset: 50, bytes: [65], isLast: false), from: LogPlace(offset: 10, line: 3))
        #expect(unknown.html == Self.number(4) + "A")
    }

    @Test func overwrittenTextLeavesItsStreamBehind() {
        let text = panel("10 %\r20 %\rdone\nx\n", Self.marks([(0, .stderr), (5, .stderr), (10, .stdout), (15, .stdout)]))
        #expect(text.html.hasPrefix(Self.number(1, time: "22:13:20.010") + "done\n"))
        // Many overwritten pieces cost no more than their bytes, with colours, too.
        let many = (0..<60_000).map { ($0 * 7, $0 % 2 == 0 ? TaskStream.stdout : .stderr) }
        let bar = panel(String(repeating: "\u{1B}[32mx\r", count: 60_000), Self.marks(many), LogChoice(line: 1))
        #expect(bar.html.contains("id=\"L1\"") && bar.html.hasSuffix("<span class=\"err a32\">x</span>"))
    }
}
