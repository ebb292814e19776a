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
        #expect(ring.take() == OutputChunk(offset: offset, bytes: bytes))
        #expect(ring.isEmpty)
    }

    @Test func bytesAfterATakeContinueItsOffset() {
        var ring = OutputRing(limit: 4)
        ring.append([1, 2, 3])
        #expect(ring.take() == OutputChunk(offset: 0, bytes: [1, 2, 3]))
        ring.append([4])
        #expect(ring.take() == OutputChunk(offset: 3, bytes: [4]))
        ring.append([5, 6, 7, 8, 9, 10])
        #expect(ring.take() == OutputChunk(offset: 6, bytes: [7, 8, 9, 10]))
        #expect(ring.printed == 10)
    }

    @Test func bytesPutBackComeFirst() throws {
        var ring = OutputRing(limit: 4)
        ring.append([1, 2, 3])
        let taken = ring.take()
        let chunk = try #require(taken)
        ring.append([4, 5])
        ring.putBack(chunk)
        #expect(ring.take() == OutputChunk(offset: 1, bytes: [2, 3, 4, 5]))
    }

    @Test func bytesPutBackGiveWayToNewerOnes() throws {
        var ring = OutputRing(limit: 4)
        ring.append([1, 2, 3])
        let taken = ring.take()
        let chunk = try #require(taken)
        ring.append([4, 5, 6, 7, 8])
        ring.putBack(chunk)
        #expect(ring.take() == OutputChunk(offset: 4, bytes: [5, 6, 7, 8]))
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
        #expect(ring.take() == OutputChunk(offset: total - last.count, bytes: Array(last)))
    }

    @Test func aLimitOfNothingStillKeepsAByte() {
        var ring = OutputRing(limit: 0)
        ring.append([1, 2])
        #expect(ring.take() == OutputChunk(offset: 1, bytes: [2]))
    }
}
