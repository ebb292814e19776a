import Foundation
import ProgramTestKit
import Testing
import WorkflowAPI
import WorkflowClient
import WorkflowModel
import WorkflowOperations

@testable import weir

@Suite("The service as a process", .timeLimit(.minutes(10)))
struct ServeTests {
    private let directory: TemporaryDirectory
    private var data: String { directory.path + "/data" }

    init() throws {
        directory = try TemporaryDirectory()
    }

    @Test func keysAreMadeListedRotatedAndDroppedWhileItRuns() async throws {
        let server = try await ServerProcess.start(data)
        let socket = try FileManager.default.attributesOfItem(atPath: data + "/weir.sock")
        #expect((socket[.posixPermissions] as? Int) == 0o600)
        let key = try await server.makeKey()
        #expect(try await server.client(key).runs().runs.isEmpty)
        let id = try #require(key["id"])
        let secret = try #require(key["client_secret"])

        let listed = try await Program.run(["keys", "list", "--data", data, "--json"])
        #expect(listed.output.contains(id) && !listed.output.contains(secret))

        let rotated = try await Program.run(["keys", "rotate", id, "--data", data, "--json"])
        #expect(rotated.status == 0)
        let withOldSecret = try await Program.run(["token"], environment: server.environment(key))
        #expect(withOldSecret.status == ExitStatus.notAllowed.rawValue)

        #expect(try await Program.run(["keys", "drop", id, "--previous", "--data", data]).status == 0)
        #expect(try await Program.run(["keys", "drop", id, "--data", data]).status == 0)
        #expect(try await Program.run(["keys", "drop", id, "--data", data]).status == ExitStatus.noInput.rawValue)
        #expect(try await Program.run(["tenants", "set", "acme", "--rate-limit", "50", "--data", data]).status == 0)
        let tenants = try await Program.run(["tenants", "list", "--data", data, "--json"])
        #expect(tenants.output == #"{"data":[{"tenant":"acme","rate_limit":50,"resources":{}}]}"# + "\n")
        #expect(try await server.end(with: SIGTERM) == 0)
    }

    @Test func historyIsImportedThroughTheSocket() async throws {
        let server = try await ServerProcess.start(data)
        let key = try await server.makeKey()
        let loaded = try await Program.run(
            ["import", "-", "--data", data, "--tenant", "acme", "--batch", "7", "--json"], input: History.text(1...40))
        #expect(loaded.status == 0, "\(loaded.messages)")
        #expect(loaded.output.hasPrefix(#"{"added":40,"already_there":0,"#))
        #expect(try await server.client(key).runs(withTotal: true).total == .exactly(40))
        let bad = try await Program.run(
            ["import", "-", "--data", data, "--tenant", "acme"], input: History.text(41...42) + "{}\n")
        #expect(bad.status == ExitStatus.data.rawValue)
        #expect(bad.messages.contains("stdin:3: id is missing"))
        #expect(try await server.client(key).runs(withTotal: true).total == .exactly(40))
        #expect(try await server.end(with: SIGTERM) == 0)
    }

    @Test func aSecondServiceOnTheSameDirectoryIsRefused() async throws {
        let server = try await ServerProcess.start(data)
        let second = try await Program.run(["serve", "--data", data, "--port", "0"])
        #expect(second.status == ExitStatus.temporary.rawValue)
        #expect(second.messages.contains("is in use by process \(server.processID)"))
        #expect(second.messages.split(separator: "\n").count == 1)
        #expect(second.output.isEmpty)
        #expect(try await server.end(with: SIGINT) == 0)
        #expect(!FileManager.default.fileExists(atPath: data + "/weir.sock"))
    }

    @Test func aPortInUseIsReported() async throws {
        let server = try await ServerProcess.start(data)
        let port = String(try #require(server.url.split(separator: ":").last))
        let second = try await Program.run(["serve", "--data", directory.path + "/other", "--port", port])
        #expect(second.status == ExitStatus.unavailable.rawValue)
        #expect(second.messages.contains("weir: Port \(port) of 127.0.0.1 is in use by another program"))
        #expect(try await server.end(with: SIGTERM) == 0)
    }

    @Test func aSocketThatAKilledServiceLeftIsReplaced() async throws {
        let first = try await ServerProcess.start(data)
        #expect(try await first.end(with: SIGKILL) == -SIGKILL)
        #expect(FileManager.default.fileExists(atPath: data + "/weir.sock"))
        // The directory has no owner now: the command opens it itself.
        #expect(try await Program.run(["keys", "list", "--data", data, "--json"]).output == "{\"data\":[]}\n")
        let second = try await ServerProcess.start(data)
        _ = try await second.makeKey()
        #expect(try await second.end(with: SIGTERM) == 0)
    }

    @Test func aSecondSignalEndsItAtOnceAndTheNextStartCleansUp() async throws {
        let pipe = directory.path + "/pipe"
        try #require(mkfifo(pipe, 0o600) == 0)
        try directory.write(
            "trap 'echo told > pipe' TERM\necho $$ > pipe\nwhile :; do sleep 1; done\n", to: "stubborn.sh")
        let file = try directory.write(
            """
            id: cg-stubborn
            name: Stubborn
            type: test.group/run
            stages:
              - name: Only
                tasks:
                  - id: stay
                    label: Stay
                    type: test.stay
                    command: [sh, stubborn.sh]
                    retry: {attempts: 3, first_delay: 10ms}
            """, to: "stubborn.yaml")
        let first = try await ServerProcess.start(data, ["--grace", "10m"])
        let environment = first.environment(try await first.makeKey())
        #expect(try await Program.run(["apply", file], environment: environment).status == 0)
        #expect(try await Program.run(["start", "cg-stubborn"], environment: environment).status == 0)
        let before = try #require(Int32(try await Self.line(from: pipe)))
        #expect(Self.isRunning(before))
        kill(first.processID, SIGTERM)
        #expect(try await Self.line(from: pipe) == "told")
        // Within a second, a repeated signal is the same request.
        async let ended = first.end(with: SIGTERM)
        while ServiceProcessTests.isAlive(first.processID) {
            first.send(SIGTERM)
            try await SystemTime().sleep(for: .milliseconds(20))
        }
        #expect(try await ended == 128 + SIGTERM)

        let second = try await ServerProcess.start(data, ["--grace", "1s"])
        let after = try #require(Int32(try await Self.line(from: pipe)))
        #expect(before != after)
        #expect(!Self.isRunning(before))
        // The pipe has no reader now, so the task hangs in its trap and must be killed.
        #expect(try await second.end(with: SIGTERM) == 0)
        #expect(!Self.isRunning(after))
    }

    /// Whether the stubborn task lives with this process id, as more than a zombie.
    private static func isRunning(_ process: Int32) -> Bool {
        let words = FileManager.default.contents(atPath: "/proc/\(process)/cmdline") ?? Data()
        return String(decoding: words, as: UTF8.self).contains("stubborn.sh")
    }

    /// Waits for a line from a pipe.
    private static func line(from pipe: String) async throws -> String {
        try await OwnThread.run {
            let bytes = try FileHandle(forReadingFrom: URL(fileURLWithPath: pipe)).readToEnd() ?? Data()
            return String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        }
    }

    @Test func aDirectoryWithALongPathHasASocketToo() async throws {
        let long = directory.path + "/" + String(repeating: "d", count: 120)
        let server = try await ServerProcess.start(long)
        #expect(try await server.client(server.makeKey()).runs().runs.isEmpty)
        #expect(try await server.end(with: SIGTERM) == 0)
    }

    @Test func aDamagedDatabaseIsReported() async throws {
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
        try directory.write(String(repeating: "no database ", count: 1_000), to: "data/weir.db")
        let served = try await Program.run(["serve", "--data", data, "--port", "0"])
        #expect(served.status == ExitStatus.data.rawValue)
        #expect(served.messages.contains("damaged or not a database"))
    }

    @Test func anUnusableDirectoryIsReported() async throws {
        try directory.write("", to: "file")
        let served = try await Program.run(["serve", "--data", directory.path + "/file/data", "--port", "0"])
        #expect(served.status == ExitStatus.unavailable.rawValue)
        #expect(served.messages.contains("cannot be used"))
        let listed = try await Program.run(["keys", "list", "--data", directory.path + "/nothing"])
        #expect(listed.status == ExitStatus.noInput.rawValue)
        #expect(!FileManager.default.fileExists(atPath: directory.path + "/nothing"))
    }

    @Test func anAddressThatIsNotOursIsSaidToBe() async throws {
        let served = try await Program.run(["serve", "--data", data, "--host", "192.0.2.1", "--port", "0"])
        #expect(served.status == ExitStatus.unavailable.rawValue)
        #expect(served.messages.contains("192.0.2.1"))
    }
}
