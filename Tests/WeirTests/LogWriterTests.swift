import Foundation
import Testing

@testable import weir

@Suite("The writer of the log")
struct LogWriterTests {
    @Test func aStalledReaderBlocksNoThreadAndGetsTheNumberOfDroppedLines() throws {
        let pipe = Pipe()
        let writer = LogWriter(to: Console(output: -1, messages: pipe.fileHandleForWriting.fileDescriptor))
        // Far more than the capacity of a pipe.
        let line = String(repeating: "x", count: 1_000)
        for _ in 0..<(LogWriter.capacity + 500) { writer.write(line) }
        let reading = Thread { [pipe] in
            var read: [UInt8] = []
            while let bytes = try? pipe.fileHandleForReading.read(upToCount: 65_536), !bytes.isEmpty { read += bytes }
            Self.read.set(read)
        }
        reading.start()
        writer.flush(atMost: .seconds(60))
        writer.write("the last one")
        writer.flush(atMost: .seconds(60))
        try pipe.fileHandleForWriting.close()
        let lines = String(decoding: Self.read.get(), as: UTF8.self).split(separator: "\n")
        let told = try #require(lines.first { $0.hasPrefix("weir: ") })
        let dropped = try #require(Int(told.split(separator: " ")[2]))
        #expect(dropped > 0 && dropped <= 500)
        #expect(lines.count { $0 == line } + dropped == LogWriter.capacity + 500)
        #expect(lines.last == "the last one")
    }

    /// All bytes that the thread has read.
    private final class Box: Sendable {
        private let semaphore = DispatchSemaphore(value: 0)
        private nonisolated(unsafe) var bytes: [UInt8] = []

        func set(_ read: [UInt8]) {
            bytes = read
            semaphore.signal()
        }

        func get() -> [UInt8] {
            semaphore.wait()
            return bytes
        }
    }

    private static let read = Box()
}
