import StoreCore
import Testing
import WorkflowModel
import WorkflowTestKit

@Suite("The column of the marks of output")
struct OutputMarksColumnTests {
    private func chunk(_ marks: [OutputMark], lineBreaks: Int? = nil, at offset: Int = 0) -> OutputChunk {
        OutputChunk(offset: offset, bytes: [], marks: OutputMarks(marks, lineBreaks: lineBreaks))
    }

    @Test func holdsWhatIsKnown() {
        let times: [Int64?] = [nil, 0, -5, 1_700_000_000_000, 1_600_000_000_000, .max / 4, -.max / 4]
        let random = SeededRandom(seed: 3)
        for lineBreaks in [nil, 0, 127, 128, 1 << 40] {
            var offset = 5_000_000_000
            let marks = times.flatMap { time in
                [nil, TaskStream.stdout, .stderr].map { stream in
                    offset += random.number(in: 0...70_000)
                    return OutputMark(offset: offset, time: time.map { Timestamp(milliseconds: $0) }, stream: stream)
                }
            }
            let written = chunk(marks, lineBreaks: lineBreaks, at: 5_000_000_000)
            #expect(written.marksColumn.map { OutputMarks(column: $0, from: 5_000_000_000) } == written.marks)
        }
        #expect(chunk([]).marksColumn == nil)
        #expect(chunk([], lineBreaks: 3).marksColumn == [4])
    }

    @Test func isSmall() {
        let start = Timestamp(milliseconds: 1_700_000_000_000)
        let marks = (0..<100).map { OutputMark(offset: $0 * 31, time: start + .milliseconds($0 * 60), stream: .stderr) }
        #expect(chunk(marks, lineBreaks: 0).marksColumn.map(\.count) ?? .max <= 2 + 7 + 100 * 3)
    }

    @Test("of something else has no marks, and never fails")
    func hostile() {
        let wrong: [[UInt8]] = [
            [], [0x80], [0, 5], [0, 0x80], [UInt8](repeating: 0xFF, count: 40), [1] + [UInt8](repeating: 0xFF, count: 9) + [1, 1],
        ]
        for bytes in wrong { #expect(OutputMarks(column: bytes, from: 7).isEmpty, "\(bytes)") }
        let random = SeededRandom(seed: 9)
        for _ in 0..<2_000 {
            let marks = OutputMarks(column: random.bytes(random.number(in: 0...30)), from: 7)
            let slice = OutputSlice(attempt: 1, offset: 7, bytes: [65, 10, 66], isLast: true, marks: marks)
            #expect(OutputView(hasTimestamps: true, stream: .stderr).bytes(of: slice).count <= 3 + 2 * 40)
        }
    }
}
