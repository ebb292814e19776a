import Foundation
import ProgramTestKit
import Synchronization
import Testing
import WorkflowModel

@testable import weir

@Suite("Live output of tasks")
struct LiveOutputTests {
    /// The lines that an attempt prints.
    private func lines(_ pieces: [String], form: OutputForm = .plain) -> [String] {
        let written = Mutex<[[UInt8]]>([])
        let attempt = AttemptLines(prefix: "load | ", form: form) { line in written.withLock { $0.append(line) } }
        for piece in pieces { attempt.add(Array(piece.utf8), from: .stdout) }
        attempt.end()
        return written.withLock { $0.map { String(decoding: $0, as: UTF8.self) } }
    }

    @Test func eachLineHasThePrefixWhereverItIsDivided() {
        for pieces in [["one\ntwo\nthree"], ["o", "ne\n", "two\nthr", "ee"], ["one\ntwo\nthree\n"]] {
            #expect(lines(pieces) == ["load | one\n", "load | two\n", "load | three\n"])
        }
        #expect(lines([]) == [])
        #expect(lines(["\n"]) == ["load | \n"])
    }

    @Test func controlSequencesAreRemoved() {
        #expect(lines(["\u{1B}[31mred\u{1B}[0m\u{1B}]0;title\u{7}\n"]) == ["load | red\n"])
        #expect(lines(["\u{1B}[31mred\n"], form: .styled).first?.contains("\u{1B}[") == true)
        #expect(lines(["10%\r20%\r\n"]) == ["load | 10%\n", "load | 20%\n"])
    }

    @Test func aLongLineIsPrintedInPieces() {
        let limit = LiveOutput.longestLine
        let whole = String(repeating: "x", count: limit)
        #expect(lines([whole + "\n"]) == ["load | \(whole)\n"])
        #expect(lines([whole + "y\n"]) == ["load | \(whole)\n", "load | y\n"])
    }

    @Test func idsAreAlignedAndAllLinesAreWritten() throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write("", to: "output")
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        let output = LiveOutput(console: Console(output: file.fileDescriptor, messages: file.fileDescriptor), tasks: ["a", "long"])
        for task in ["a", "long"] {
            let lines = output.attempt(of: task)
            lines.add(Array("hello\n".utf8), from: .stdout)
            lines.end()
        }
        try output.flush()
        #expect(directory.text(of: "output") == "a    | hello\nlong | hello\n")
    }

    /// Nothing reads the pipe until all is printed, so that its thread blocks, and the tasks do not.
    @Test func aSlowReaderLosesLinesAndIsToldHowMany() throws {
        let pipe = Pipe()
        let directory = try TemporaryDirectory()
        let notes = try FileHandle(forWritingTo: URL(fileURLWithPath: directory.write("", to: "notes")))
        let output = LiveOutput(
            console: Console(output: pipe.fileHandleForWriting.fileDescriptor, messages: notes.fileDescriptor), tasks: ["a"])
        let lines = output.attempt(of: "a")
        // With the prefix, longer than the buffer of a pipe: not even the first line is written completely.
        let line = Array((String(repeating: "x", count: LiveOutput.longestLine) + "\n").utf8)
        let fitting = LiveOutput.mostWaiting / (line.count + "a | ".utf8.count)
        for _ in 0..<fitting { lines.add(line, from: .stdout) }
        lines.add(line + line, from: .stdout)
        let reader = Thread { while case let piece = pipe.fileHandleForReading.availableData, !piece.isEmpty {} }
        reader.start()
        try output.flush()
        lines.add(Array("last\n".utf8), from: .stdout)
        try output.flush()
        try pipe.fileHandleForWriting.close()
        #expect(directory.text(of: "notes").contains("weir: dropped 2 lines of output"))
    }
}
