import Testing

@testable import WorkflowModel

@Suite("Views of output")
struct OutputViewTests {
    private static let start = Timestamp(milliseconds: 1_700_000_000_000)
    private static let text = "one\nbad\ntwo"

    private func slice(_ marks: [(Int, Int?, TaskStream?)], offset: Int = 0) -> OutputSlice {
        OutputSlice(
            attempt: 1, offset: offset, bytes: Array(Self.text.utf8), isLast: false,
            marks: OutputMarks(
                marks.map { mark in
                    OutputMark(
                        offset: offset + mark.0, time: mark.1.map { Self.start + .milliseconds(Int64($0)) }, stream: mark.2)
                }))
    }

    private func shown(_ view: OutputView, _ slice: OutputSlice, behind skipped: Int = 0) -> String {
        String(decoding: view.bytes(of: slice, behind: skipped), as: UTF8.self)
    }

    @Test func eachLineHasTheTimeOfItsFirstByte() {
        let marked = slice([(0, 0, .stdout), (4, 7, .stderr), (6, 9, .stderr), (8, 1_500, .stdout)], offset: 100)
        let view = OutputView(hasTimestamps: true)
        #expect(
            shown(view, marked)
                == "2023-11-14T22:13:20.000Z one\n2023-11-14T22:13:20.007Z bad\n2023-11-14T22:13:21.500Z two")
        #expect(shown(view, marked, behind: 2) == "e\n2023-11-14T22:13:20.007Z bad\n2023-11-14T22:13:21.500Z two")
        #expect(shown(view, marked, behind: 4).hasPrefix("2023-11-14T22:13:20.007Z bad\n"))
        #expect(shown(view, marked, behind: 11) == "")
        #expect(shown(view, slice([])) == "- one\n- bad\n- two")
        #expect(shown(view, slice([(4, 0, nil), (8, nil, nil)])) == "- one\n2023-11-14T22:13:20.000Z bad\n- two")
    }

    @Test func aStreamIsTakenOut() {
        let marked = slice([(0, 0, .stdout), (4, 7, .stderr), (8, 8, .stdout)])
        #expect(shown(OutputView(stream: .stdout), marked) == "one\ntwo")
        #expect(shown(OutputView(stream: .stderr), marked) == "bad\n")
        #expect(shown(OutputView(hasTimestamps: true, stream: .stderr), marked, behind: 1) == "2023-11-14T22:13:20.007Z bad\n")
        #expect(shown(OutputView(), marked, behind: 4) == "bad\ntwo")
        // Of unknown stream: with both.
        let unknown = slice([(0, 0, nil), (4, 7, .stderr), (8, nil, nil)])
        #expect(shown(OutputView(stream: .stdout), unknown) == "one\ntwo")
        #expect(shown(OutputView(stream: .stderr), unknown) == Self.text)
        #expect(shown(OutputView(stream: .stderr), slice([])) == Self.text)
    }

    @Test func aLineOfBothStreamsIsDivided() {
        let marked = slice([(0, 0, .stdout), (1, 1, .stderr), (6, 2, .stdout)])
        #expect(shown(OutputView(stream: .stdout), marked) == "od\ntwo")
        #expect(shown(OutputView(stream: .stderr), marked) == "ne\nba")
        let view = OutputView(hasTimestamps: true, stream: .stdout)
        #expect(shown(view, marked) == "2023-11-14T22:13:20.000Z od\n2023-11-14T22:13:20.002Z two")
    }

    @Test func marksOutsideOfTheOutputAreIgnored() {
        let marked = slice([(-3, 0, .stdout), (4, 1, .stderr), (40, 2, .stdout), (2, 3, .stdout)])
        #expect(marked.parts.map(\.range) == [0..<4, 4..<11])
        #expect(marked.parts.map(\.stream) == [.stdout, .stderr])
    }
}
