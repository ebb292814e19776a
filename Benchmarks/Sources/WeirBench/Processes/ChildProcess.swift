import Foundation
import Synchronization

/// A child process. Its creator ends it; all methods block.
final class ChildProcess: Sendable {
    private let process: Mutex<Process>
    private let output = Pipe()
    let id: Int32

    /// - Parameters:
    ///  - input: its standard input; nil for none.
    ///  - environment: additional variables.
    init(_ program: String, _ arguments: [String], input: FileHandle? = nil, environment: [String: String] = [:]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        process.standardInput = input ?? FileHandle.nullDevice
        process.standardOutput = output
        try process.run()
        id = process.processIdentifier
        self.process = Mutex(process)
    }

    /// The read end of its output, for another process.
    var outputHandle: FileHandle { output.fileHandleForReading }

    /// - Returns: nil when it ended without output.
    func firstLine() -> String? {
        var line: [UInt8] = []
        while let byte = try? output.fileHandleForReading.read(upToCount: 1)?.first {
            if byte == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
            line.append(byte)
        }
        return nil
    }

    func allOutput() -> Data {
        output.fileHandleForReading.readDataToEndOfFile()
    }

    /// - Returns: its exit code.
    func wait() -> Int32 {
        process.withLock { process in
            process.waitUntilExit()
            return process.terminationStatus
        }
    }

    /// Sends SIGTERM, unless the process has ended: its pid may be reused by then.
    func terminate() {
        process.withLock { process in
            if process.isRunning { process.terminate() }
        }
    }

    /// Shuts it down gracefully and waits for its end.
    func end() {
        terminate()
        _ = wait()
    }

    /// Runs a program to its end.
    /// - Returns: its output.
    @discardableResult
    static func run(
        _ program: String, _ arguments: [String], input: Data? = nil, environment: [String: String] = [:]
    ) throws -> Data {
        var pipe: Pipe?
        if input != nil { pipe = Pipe() }
        let child = try ChildProcess(program, arguments, input: pipe?.fileHandleForReading, environment: environment)
        if let pipe, let input {
            try pipe.fileHandleForReading.close()
            try pipe.fileHandleForWriting.write(contentsOf: input)
            try pipe.fileHandleForWriting.close()
        }
        let printed = child.allOutput()
        let status = child.wait()
        guard status == 0 else {
            throw BenchFailure("\(program) \(arguments.joined(separator: " ")) ended with \(status).")
        }
        return printed
    }
}
