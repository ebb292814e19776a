import Foundation
import ProgramTestKit
import Testing

@testable import weir

@Suite("The memory of the service", .timeLimit(.minutes(10)))
struct MemoryTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private static let workflow = """
        id: cg-loud
        name: Loud
        type: test.group/run
        stages:
          - name: Only
            tasks:
              - id: print
                type: test.print
                command: [sh, -c, 'head -c "$(cat bytes)" /dev/zero | tr "\\\\0" x; echo; echo end']
        """

    @Test func doesNotGrowWithWhatTasksPrint() async throws {
        let server = try await ServerProcess.start(directory.path + "/data", ["--rate-limit", "0"])
        let environment = server.environment(try await server.makeKey())
        let file = try directory.write(Self.workflow, to: "loud.yaml")
        #expect(try await Program.run(["apply", file], environment: environment).status == 0)

        // A first output, somewhat larger than the kept part, so that all buffers have grown.
        try directory.write(String(2 << 20), to: "bytes")
        #expect(try await Program.run(["start", "cg-loud", "--wait"], environment: environment).status == 0)
        let before = try Self.kibibytes("VmRSS", of: server.processID)

        try directory.write(String(200 << 20), to: "bytes")
        let run = try await Program.run(["start", "cg-loud", "--wait"], environment: environment)
        #expect(run.status == 0)
        #expect(try Self.kibibytes("VmHWM", of: server.processID) - before < 48 << 10)

        let id = run.output.trimmingCharacters(in: .whitespacesAndNewlines)
        let kept = try await Program.run(["logs", id], environment: environment)
        #expect(kept.output.hasPrefix("[weir: ") && kept.output.hasSuffix("x\nend\n"))
        #expect(kept.output.utf8.count < (1 << 20) + 100)
        #expect(try await server.end(with: SIGTERM) == 0)
    }

    /// A number of `/proc/PID/status`.
    private static func kibibytes(_ name: String, of process: Int32) throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix(name + ":") })
        return try #require(Int(line.filter(\.isNumber)))
    }
}
