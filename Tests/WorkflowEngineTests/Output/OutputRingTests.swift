import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTestKit

@Suite("The kept output of an attempt")
struct OutputRingTests {
    @Test func nothingPrintedIsNothingToWrite() {
        var ring = OutputRing(limit: 4)
        #expect(ring.take() == nil)
        ring.append([])
        #expect(ring.take() == nil)
        #expect(ring.isEmpty)
    }

    @Test(
        "The last bytes are kept, with their offset",
        arguments: [
            ([[1, 2, 3]], 0, [1, 2, 3]),
            ([[1, 2], [3, 4]], 0, [1, 2, 3, 4]),
            ([[1, 2, 3, 4]], 0, [1, 2, 3, 4]),
            ([[1, 2], [3, 4, 5]], 1, [2, 3, 4, 5]),
            ([[1, 2, 3, 4, 5, 6]], 2, [3, 4, 5, 6]),
            ([[1], [2, 3, 4, 5], [6]], 2, [3, 4, 5, 6]),
        ] as [([[UInt8]], Int, [UInt8])])
    func last(pieces: [[UInt8]], offset: Int, bytes: [UInt8]) {
        var ring = OutputRing(limit: 4)
        for piece in pieces { ring.append(piece) }
        #expect(ring.takeBytes() == OutputChunk(offset: offset, bytes: bytes))
        #expect(ring.isEmpty)
    }

    @Test func bytesAfterATakeContinueItsOffset() {
        var ring = OutputRing(limit: 4)
        ring.append([1, 2, 3])
        #expect(ring.takeBytes() == OutputChunk(offset: 0, bytes: [1, 2, 3]))
        ring.append([4])
        #expect(ring.takeBytes() == OutputChunk(offset: 3, bytes: [4]))
        ring.append([5, 6, 7, 8, 9, 10])
        #expect(ring.takeBytes() == OutputChunk(offset: 6, bytes: [7, 8, 9, 10]))
        #expect(ring.printed == 10)
    }

    @Test func bytesPutBackComeFirst() throws {
        var ring = OutputRing(limit: 4)
        ring.append([1, 2, 3])
        let taken = ring.take()
        let chunk = try #require(taken)
        ring.append([4, 5])
        ring.putBack(chunk)
        #expect(ring.takeBytes() == OutputChunk(offset: 1, bytes: [2, 3, 4, 5]))
    }

    @Test func bytesPutBackGiveWayToNewerOnes() throws {
        var ring = OutputRing(limit: 4)
        ring.append([1, 2, 3])
        let taken = ring.take()
        let chunk = try #require(taken)
        ring.append([4, 5, 6, 7, 8])
        ring.putBack(chunk)
        #expect(ring.takeBytes() == OutputChunk(offset: 4, bytes: [5, 6, 7, 8]))
    }

    @Test("Memory stays bounded for pieces of every size")
    func memory() {
        var ring = OutputRing(limit: 1_000)
        let random = SeededRandom(seed: 7)
        var printed: [UInt8] = []
        for _ in 0..<5_000 {
            let piece = random.bytes(random.number(in: 0...40))
            printed = (printed + piece).suffix(1_000)
            ring.append(piece)
            #expect(ring.held <= 1_250)
        }
        let last = printed
        let total = ring.printed
        #expect(ring.takeBytes() == OutputChunk(offset: total - last.count, bytes: Array(last)))
    }

    @Test func aLimitOfNothingStillKeepsAByte() {
        var ring = OutputRing(limit: 0)
        ring.append([1, 2])
        #expect(ring.takeBytes() == OutputChunk(offset: 1, bytes: [2]))
    }

    @Test func aPieceHasItsTimesStreamsAndLines() throws {
        var ring = OutputRing(limit: 100)
        ring.append(Array("one\ntw".utf8), to: .stdout, at: Self.time(0))
        ring.append(Array("o\n".utf8), to: .stdout, at: Self.time(99))
        ring.append(Array("bad\n".utf8), to: .stderr, at: Self.time(99))
        ring.append(Array("three\n".utf8), to: .stdout, at: Self.time(199))
        ring.append(Array("four\n".utf8), to: .stdout, at: Self.time(299))
        let first = ring.take()
        #expect(
            first?.marks
                == OutputMarks(
                    [
                        OutputMark(offset: 0, time: Self.time(0), stream: .stdout),
                        OutputMark(offset: 8, time: Self.time(99), stream: .stderr),
                        OutputMark(offset: 12, time: Self.time(199), stream: .stdout),
                        OutputMark(offset: 18, time: Self.time(299), stream: .stdout),
                    ], lineBreaks: 0))
        ring.append(Array("five\n".utf8), to: .stderr, at: Self.time(300))
        #expect(
            ring.take()?.marks
                == OutputMarks([OutputMark(offset: 23, time: Self.time(300), stream: .stderr)], lineBreaks: 5))
    }

    @Test func marksFollowTheBytesThatAreLeft() throws {
        var ring = OutputRing(limit: 64)
        ring.append([UInt8](repeating: 10, count: 60), to: .stdout, at: Self.time(0))
        ring.append([UInt8](repeating: 65, count: 40), to: .stderr, at: Self.time(1))
        let taken = ring.take()
        let chunk = try #require(taken)
        #expect(chunk.offset == 36 && chunk.marks.lineBreaks == 36)
        #expect(chunk.marks.all.map(\.offset) == [36, 60] && chunk.marks.all.map(\.stream) == [.stdout, .stderr])
        ring.append([UInt8](repeating: 66, count: 32), to: .stdout, at: Self.time(2))
        ring.putBack(chunk)
        let again = ring.take()
        #expect(again?.offset == 68 && again?.marks.lineBreaks == 60)
        #expect(again?.marks.all.map(\.offset) == [68, 100] && again?.marks.all.map(\.stream) == [.stderr, .stdout])
    }

    @Test("Marks stay bounded however quickly the streams alternate")
    func boundedMarks() throws {
        var ring = OutputRing(limit: 3_200)
        for number in 0..<10_000 { ring.append([65], to: number % 2 == 0 ? .stdout : .stderr, at: Self.time(number)) }
        let taken = ring.take()
        let chunk = try #require(taken)
        #expect(chunk.bytes.count == 3_200 && chunk.marks.all.count <= OutputMarks.most(forBytes: 3_200))
        #expect(chunk.marks.all.first?.offset == chunk.offset)
        var few = OutputRing(limit: 100)
        for number in 0..<OutputMarks.leastLimit { few.append([65], to: number % 2 == 0 ? .stdout : .stderr, at: Self.time(0)) }
        #expect(few.take()?.marks.all.map(\.stream) == (0..<16).map { $0 % 2 == 0 ? .stdout : .stderr })
        for number in 0..<20 { few.append([65], to: number % 2 == 0 ? .stdout : .stderr, at: Self.time(0)) }
        let streams = few.take()?.marks.all.map(\.stream)
        #expect(streams?.count == 17 && streams?.last == .some(nil), "Beyond the limit, streams are not told apart.")
    }

    @Test func linesAreUnknownBehindOutputThatWasPrintedBefore() {
        var ring = OutputRing(limit: 10, printed: 5)
        ring.append([10], to: .stdout, at: Self.time(0))
        #expect(ring.take()?.marks.lineBreaks == nil)
    }

    private static func time(_ milliseconds: Int) -> Timestamp { Timestamp(milliseconds: 1_700_000_000_000 + Int64(milliseconds)) }
}

extension OutputRing {
    /// Without marks.
    fileprivate mutating func takeBytes() -> OutputChunk? {
        take().map { OutputChunk(offset: $0.offset, bytes: $0.bytes) }
    }
}
