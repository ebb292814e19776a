import ArgumentParser
import Foundation
import ProgramTestKit
import Testing
import WorkflowAPI
import WorkflowModel

@testable import weir

/// Every write to `/dev/full` fails as on a full disk.
@Suite("Output that cannot be written", .timeLimit(.minutes(10)))
struct OutputFailureTests {
    private let directory: TemporaryDirectory
    private var data: String { directory.path + "/data" }

    init() throws {
        directory = try TemporaryDirectory()
    }

    /// Verbs that are not tried, with the reason.
    private static let silent: [String: String] = [
        "tenants set": "reports on standard error", "keys drop": "reports on standard error",
        "alerts receivers enable": "reports on standard error",
        "alerts receivers drop": "reports on standard error", "views delete": "reports on standard error",
        "secrets delete": "reports on standard error",
        "alerts resend": "needs an alert", "alerts receivers test": "needs a receiver that answers",
        "serve": "has a test of its own", "keys rotate": "has a test of its own", "demo": "has a test of its own",
        "move": "needs a PostgreSQL server",
    ]

    /// A command line for each other verb.
    private static func lines(run: String, bulk: String, data: String, history: String) -> [[String]] {
        let store = ["--data", data]
        return [
            ["keys", "create", "--name", "x", "--policy", "viewer"] + store, ["keys", "list"] + store,
            ["tenants", "list"] + store, ["token"], ["apply", "configuration.yaml"],
            ["apply", "--check", "--json", "configuration.yaml"], ["apply", "--dry-run", "configuration.yaml"],
            ["validate", "configuration.yaml"], ["run", "configuration.yaml"],
            ["schema"], ["configs"], ["start", "cg-full"], ["start", "cg-full", "--json"], ["start", "cg-full", "--wait"],
            ["rerun", run],
            ["schedule", "preview", "cg-full"], ["schedule", "history", "cg-full", "--json"],
            ["triggers", "cg-full", "--json"],
            ["backfill", "cg-full", "--from", "2026-01-01", "--to", "2026-01-02", "--json"], ["runs"], ["runs", "--json"],
            ["runs", "--by", "state"], ["runs", "--format", "csv"], ["runs", "--format", "ndjson"],
            ["statistics", "--json"], ["audit"], ["audit", "--json"], ["audit", "--format", "csv"],
            ["views", "save", "all", "sort:created", "--json"], ["views", "list"], ["views", "show", "all"],
            ["show", run], ["show", run, "--json"], ["why", run], ["logs", run], ["logs", run, "print"], ["logs", run, "--follow"],
            ["stop", run, "--json"], ["resolve", run, "--json"], ["note", run, "Late", "--json"],
            ["notify", run, "a", "--json"], ["notify", run], ["pause", "cg-full", "--reason", "x", "--json"],
            ["bulk", "stop", "--all", "--dry-run"], ["bulk", "rerun", "--run", run, "--yes", "--json"], ["bulk", "list", "--json"],
            ["bulk", "resolve", "retry", "--all", "--dry-run"], ["bulk", "delete", "--all", "--dry-run"],
            ["bulk", "label", "--set", "a=b", "--all", "--dry-run"], ["bulk", "show", bulk], ["bulk", "abort", bulk, "--json"],
            ["resume", "cg-full", "--json"], ["alerts", "list", "--json"],
            ["alerts", "receivers", "add", "--name", "b", "--url", "https://1.1.1.1/x"] + store,
            ["alerts", "receivers", "list"] + store, ["alerts", "receivers", "rotate", "a"] + store,
            ["import", history, "--json"] + store, ["retention", "--older-than", "400d", "--json"] + store,
            ["check", "--json"] + store, ["secrets", "set", "a", "--file", "configuration.yaml", "--json"], ["secrets", "list"],
            ["secrets", "rekey", "--json"] + store,
            ["--version"],
        ]
    }

    @Test func everyVerbReportsItAndExitsWith74() async throws {
        let server = try await ServerProcess.start(data, ["--rate-limit", "0"])
        var environment = server.environment(try await server.makeKey())
        environment["WEIR_TENANT"] = "acme"
        let file = try directory.write(
            """
            id: cg-full
            name: Full
            type: test.full/run
            schedule: {cron: "0 0 1 1 *", timezone: UTC}
            stages:
              - name: Only
                tasks:
                  - {id: print, type: test.print, command: [echo, hello]}
            """, to: "configuration.yaml")
        let history = try directory.write(History.text(1...2), to: "history.ndjson")
        #expect(try await Program.run(["apply", file], environment: environment).status == 0)
        let started = try await Program.run(["start", "cg-full", "--wait"], environment: environment)
        let run = started.output.trimmingCharacters(in: .whitespacesAndNewlines)
        let added = try await Program.run(
            ["alerts", "receivers", "add", "--name", "a", "--url", "https://1.1.1.1/x", "--data", data], environment: environment)
        #expect(added.status == 0, "\(added.messages)")

        let requested = try await Program.run(["bulk", "stop", "--run", run, "--yes", "--json"], environment: environment)
        let bulk = String(try #require(requested.output.firstMatch(of: #/"id": ?"(bo-[^"]+)"/#)?.1))
        let lines = Self.lines(run: run, bulk: bulk, data: data, history: history).map {
            $0.map { $0 == "configuration.yaml" ? file : $0 }
        }
        for line in lines {
            let ended = try await Program.run(line, environment: environment, output: "/dev/full")
            #expect(ended.status == ExitStatus.cannotWrite.rawValue, "\(line): \(ended.messages)")
            #expect(
                ended.messages.contains("weir: Standard output cannot be written: no space is left on the device."),
                "\(line): \(ended.messages)")
        }
        let tried = Set(lines.map { line in line.prefix { !$0.hasPrefix("-") }.joined(separator: " ") })
        for (words, command) in HelpTests.commands where command.configuration.subcommands.isEmpty {
            let verb = words.dropFirst().joined(separator: " ")
            #expect(Self.silent[verb] != nil || tried.contains { ($0 + " ").hasPrefix(verb + " ") }, "\(verb) is not tried")
        }
        // A key or receiver whose secret was not shown does not exist.
        let keys = try await Program.run(["keys", "list", "--data", data, "--json"])
        #expect(keys.output.components(separatedBy: "\"id\"").count - 1 == 1)
        let receivers = try await Program.run(["alerts", "receivers", "list", "--data", data, "--json"])
        #expect(receivers.output.components(separatedBy: "\"name\"").count - 1 == 1)
        #expect(try await server.end(with: SIGTERM) == 0)
    }

    @Test func helpOfEveryVerbReportsIt() async throws {
        for (words, _) in HelpTests.commands {
            let ended = try await Program.run(words.dropFirst() + ["--help"], output: "/dev/full")
            #expect(ended.status == ExitStatus.cannotWrite.rawValue, "\(words)")
        }
    }

    @Test func aServiceThatCannotPrintItsAddressShutsDownGracefully() async throws {
        let ended = try await Program.run(["serve", "--data", data, "--port", "0"], output: "/dev/full")
        #expect(ended.status == ExitStatus.cannotWrite.rawValue, "\(ended.messages)")
        #expect(!FileManager.default.fileExists(atPath: data + "/weir.sock"))
    }

    @Test(arguments: [false, true])
    func aSecretThatWasNotShownIsNotInForce(whileServed: Bool) async throws {
        let store = ["--data", data]
        let key = try await ServerProcess.makeKey(on: store)
        let id = try #require(key["id"])
        let server = whileServed ? try await ServerProcess.start(data) : nil
        let created = try await Program.run(
            ["keys", "create", "--tenant", "acme", "--name", "lost", "--policy", "admin"] + store, output: "/dev/full")
        #expect(created.status == ExitStatus.cannotWrite.rawValue)
        #expect(created.messages.contains(" again, because its secret was not shown."))
        let rotated = try await Program.run(["keys", "rotate", id] + store, output: "/dev/full")
        #expect(rotated.status == ExitStatus.cannotWrite.rawValue)
        #expect(rotated.messages.contains("The key \(id) keeps its secret."))
        let listed = try await Program.run(["keys", "list", "--json"] + store)
        #expect(!listed.output.contains("lost") && !listed.output.contains("rotated_at"), "\(listed.output)")

        let good = try await Program.run(["keys", "rotate", id, "--json"] + store)
        #expect(good.status == 0, "\(good.messages)")
        let running: ServerProcess
        if let server { running = server } else { running = try await ServerProcess.start(data) }
        var environment = running.environment(key)
        #expect(try await Program.run(["token"], environment: environment).status == ExitStatus.notAllowed.rawValue)
        let renewed = try JSONDecoder().decode([String: String].self, from: Data(good.output.utf8))
        environment["WEIR_CLIENT_SECRET"] = renewed["client_secret"]
        #expect(try await Program.run(["token"], environment: environment).status == 0)
        #expect(try await running.end(with: SIGTERM) == 0)
    }

    @Test func aClosedPipeIsNoFailure() async throws {
        let console = try Self.consoleWithoutReader()
        #expect { try console.print("x") } throws: { $0 as? ExitStatus == .succeeded }
        #expect(throws: Never.self) { try console.announce("x") }
        // The reader did not get the secret.
        #expect { try console.reveal("x") } throws: { ($0 as? OutputFailure)?.isClosedPipe == true }
    }

    private static func consoleWithoutReader() throws -> Console {
        signal(SIGPIPE, SIG_IGN)
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        close(ends[0])
        return Console(output: ends[1], messages: ends[1])
    }

    @Test func nothingIsWrittenIntoAFileThatHasTheNumberOfAClosedOutput() async throws {
        _ = try await ServerProcess.makeKey(on: ["--data", data])
        let process = try SpawnedProgram(
            "/bin/bash", ["-c", "exec \"$0\" keys list --data \"$1\" >&-", Program.path, data],
            environment: Program.environment()
        ).start()
        #expect(await SpawnedProgram.end(of: process) == ExitStatus.cannotWrite.rawValue)
        #expect(try await Program.run(["check", "--data", data]).status == 0)
    }
}
