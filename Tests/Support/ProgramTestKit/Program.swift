import Foundation

/// The real `weir`, built together with these tests.
public enum Program {
    public struct Ended: Sendable {
        public var status: Int32
        public var output: String
        public var messages: String
    }

    public static let path: String = {
        var directory = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
        while directory.path != "/" {
            let candidate = directory.appendingPathComponent("weir").path
            if FileManager.default.isExecutableFile(atPath: candidate), !isDirectory(candidate) { return candidate }
            directory.deleteLastPathComponent()
        }
        return "/nonexistent/weir"
    }()

    private static func isDirectory(_ path: String) -> Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
    }

    /// The environment of every started program: only the necessary variables of the test process, so that tests do not depend on the
    /// rest.
    public static func environment(_ own: [String: String] = [:]) -> [String: String] {
        var environment = own
        for name in ["PATH", "HOME", "LD_LIBRARY_PATH", "TMPDIR"] where environment[name] == nil {
            environment[name] = ProcessInfo.processInfo.environment[name]
        }
        return environment
    }

    /// Runs one command line to its end.
    /// - Parameters:
    ///  - output: the file or device for standard output; nil to capture it.
    ///  - started: receives the pid, for sending signals.
    public static func run(
        _ arguments: [String], environment: [String: String] = [:], input: String? = nil,
        output: String? = nil, started: (_ process: Int32) -> Void = { _ in }
    ) async throws -> Ended {
        // Files rather than pipes: output never waits for a reader, and no other process can keep an end open.
        let scratch = try TemporaryDirectory()
        try scratch.write(input ?? "", to: "input")
        var program = SpawnedProgram(path, arguments, environment: Self.environment(environment))
        program.directory = scratch.path
        program.input = scratch.path + "/input"
        program.output = output ?? scratch.path + "/output"
        program.messages = scratch.path + "/messages"
        let process = try program.start()
        started(process)
        let status = await SpawnedProgram.end(of: process)
        return Ended(status: status, output: scratch.text(of: "output"), messages: scratch.text(of: "messages"))
    }
}
