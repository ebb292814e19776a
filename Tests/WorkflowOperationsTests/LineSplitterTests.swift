import Testing

@testable import WorkflowOperations

@Suite("Splitting a file into lines")
struct LineSplitterTests {
    private static func batches(_ text: String, piece: Int, lines: Int = 2, bytes: Int = 1 << 20) throws -> [LineBatch] {
        var splitter = LineSplitter()
        var batches: [LineBatch] = []
        var rest = Array(text.utf8)[...]
        while true {
            if let batch = try splitter.next(lines: lines, bytes: bytes) {
                batches.append(batch)
            } else if rest.isEmpty {
                splitter.finish()
                while let batch = try splitter.next(lines: lines, bytes: bytes) { batches.append(batch) }
                return batches
            } else {
                splitter.append(rest.prefix(piece))
                rest = rest.dropFirst(piece)
            }
        }
    }

    private static func lines(_ batches: [LineBatch]) -> [[String]] {
        batches.map { batch in
            batch.lines.map { "\($0.number):" + String(decoding: batch.text[$0.range], as: UTF8.self) }
        }
    }

    @Test(arguments: [1, 2, 3, 7, 1_000])
    func theSizeOfReadsMakesNoDifference(piece: Int) throws {
        let text = "a\nbb\n\nccc\n \t\r\ndddd\ne\n"
        let batches = try Self.batches(text, piece: piece)
        #expect(Self.lines(batches).filter { !$0.isEmpty } == [["1:a", "2:bb"], ["4:ccc", "6:dddd"], ["7:e"]])
        #expect(batches.allSatisfy { !$0.endsMidLine })
        #expect(batches.last?.fileOffset == text.utf8.count)
    }

    @Test(arguments: [1, 3, 1_000])
    func aLastLineWithoutNewlineIsALine(piece: Int) throws {
        let batches = try Self.batches("a\nb\nc", piece: piece)
        #expect(Self.lines(batches) == [["1:a", "2:b"], ["3:c"]])
        #expect(batches.map(\.endsMidLine) == [false, true])
    }

    @Test func anEmptyFileHasNoLines() throws {
        #expect(try Self.batches("", piece: 1).isEmpty)
        #expect(Self.lines(try Self.batches("\n\n\n", piece: 1)).allSatisfy(\.isEmpty))
    }

    @Test func aByteOrderMarkIsNotPartOfTheFirstLine() throws {
        #expect(Self.lines(try Self.batches("\u{FEFF}a\n\u{FEFF}b\n", piece: 9)) == [["1:a", "2:\u{FEFF}b"]])
    }

    @Test func aBatchEndsWhenItIsLarge() throws {
        let text = String(repeating: "0123456789\n", count: 10)
        #expect(try Self.batches(text, piece: 64, lines: 100, bytes: 33).map(\.lines.count) == [3, 3, 3, 1])
    }

    @Test func aLineThatIsTooLongIsRefused() {
        var splitter = LineSplitter()
        splitter.append("short\n".utf8)
        splitter.append([UInt8](repeating: 0x61, count: ImportLimits.longestLine + 1))
        #expect {
            while try splitter.next(lines: 10, bytes: 1 << 30) != nil {}
        } throws: { error in
            (error as? OperationError)?.code == .malformed && (error as? OperationError)?.message.hasPrefix("Line 2 ") == true
        }
    }
}
