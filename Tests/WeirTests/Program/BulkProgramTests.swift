import Foundation
import PostgresTestKit
import ProgramTestKit
import Testing
import WorkflowAPI
import WorkflowClient
import WorkflowModel
import WorkflowOperations

@testable import weir

/// Bulk operations of a real service.
@Suite("weir bulk", .timeLimit(.minutes(10)))
struct BulkProgramTests {
    private static let workflow = """
        id: cg-daily
        name: Daily
        type: test.daily/run
        stages:
          - name: Only
            tasks:
              - id: only
                label: Only
                type: test.only
                command: ["true"]
        """

    /// A service whose runs wait for a worker that never comes.
    /// - Parameter store: the options of its store; nil for a directory of the test.
    private static func idle(
        _ directory: TemporaryDirectory, on store: [String]? = nil
    ) async throws -> (ServerProcess, [String: String]) {
        let file = try directory.write(workflow, to: "daily.yaml")
        let server = try await ServerProcess.start(
            on: store ?? ["--data", directory.path + "/data"], options, log: directory.path + "/log")
        let key = try await server.makeKey()
        let applied = try await Program.run(["apply", file], environment: server.environment(key))
        try #require(applied.status == 0, "\(applied.messages)")
        return (server, key)
    }

    private static let options = ["--rate-limit", "0", "--workers", "0"]

    @Test func theVerbsPreviewRequestFollowListShowAndAbort() async throws {
        let directory = try TemporaryDirectory()
        let (server, key) = try await Self.idle(directory)
        let environment = server.environment(key)
        var ids: [String] = []
        for _ in 0..<3 { ids.append(try await server.client(key).start(.init(configuration: "cg-daily")).run.id.rawValue) }

        func run(_ words: [String]) async throws -> Program.Ended {
            try await Program.run(["bulk"] + words, environment: environment)
        }
        let preview = try await run(["stop", "--workflow", "cg-daily", "--dry-run"])
        #expect(preview.status == 0 && preview.output.contains("cg-daily") && preview.output.contains(ids[0]), "\(preview)")
        // Without a terminal.
        let asked = try await run(["stop", "--workflow", "cg-daily"])
        #expect(asked.status == ExitStatus.usage.rawValue)
        #expect(asked.messages.contains("Stop 3 runs? There is no terminal to ask on."))
        let wrong = try await run(["stop", "--workflow", "cg-daily", "--yes", "--expect", "2"])
        #expect(wrong.messages.contains("The request expects 2 runs, and 3 match now."), "\(wrong)")
        let stopped = try await run(["stop", "--workflow", "cg-daily", "--yes", "--reason", "enough"])
        #expect(stopped.status == 0 && stopped.messages.contains("is finished: 3 done, 0 unchanged, 0 refused."), "\(stopped)")
        let again = try await run(["stop", "--run", ids[0], "--yes", "--json"])
        let operation = try BulkOperation(json: Array(again.output.utf8))
        #expect(operation.counts == BulkCounts(unchanged: 1) && operation.state == .finished)
        let labeled = try await run(["label", "workflow:cg-daily", "--set", "cause=disk", "--yes"])
        #expect(labeled.status == 0)
        let deleted = try await run(["delete", "--label", "cause:disk", "--yes", "--per-second", "1000"])
        #expect(deleted.status == 0 && deleted.messages.contains("3 done"))
        #expect(try await run(["stop", "--all", "--yes"]).messages.contains("No run matches."))

        let shown = try await run(["show", operation.id.rawValue, "--receipts", "--outcome", "unchanged"])
        #expect(shown.output.contains(ids[0]) && shown.output.contains("The run had ended already"))
        #expect(try await run(["list"]).output.split(separator: "\n").count == 5)
        #expect(try await run(["abort", operation.id.rawValue]).messages.contains("is finished"))
        #expect(try await run(["show", "bo-none"]).status == ExitStatus.noInput.rawValue)
        for words in [["stop"], ["stop", "--all", "--state", "failed"], ["label", "--all"]] {
            #expect(try await run(words).status == ExitStatus.usage.rawValue, "\(words)")
        }
        #expect(try await server.end(with: SIGTERM) == 0)
    }

    /// `kill -9` about every second: every run is rerun once.
    @Test func aRerunThatIsKilledRerunsEachRunOnce() async throws {
        let directory = try TemporaryDirectory()
        let store = ["--data", directory.path + "/data"]
        try await Self.rerunWhileKilled(5_000, killing: 20, on: store, in: directory)
        let checked = try await Program.run(["check"] + store)
        #expect(checked.status == 0, "\(checked.output)")
    }

    /// The next node waits for the lease of the one that was killed, which takes up to 10 s.
    @Test func aRerunOnASharedStoreWhoseNodesAreKilledRerunsEachRunOnce() async throws {
        let directory = try TemporaryDirectory()
        try await TestDatabase.with { database in
            try await Self.rerunWhileKilled(2_500, killing: 2, on: ["--database", database.url], in: directory)
            let checked = try await Program.run(["check", "--database", database.url])
            #expect(checked.status == 0, "\(checked.output)")
        }
    }

    private static func rerunWhileKilled(
        _ runs: Int, killing rounds: Int, on store: [String], in directory: TemporaryDirectory
    ) async throws {
        let (first, key) = try await idle(directory, on: store)
        var server = first
        var client = server.client(key)
        let started = try await start(runs, through: client)
        let all = BulkSelection.filter(RunFilter())
        let stop = try await client.request(BulkOrder(.stop(reason: nil), all, perSecond: 1_000))
        _ = try await BulkWatch(client: client).end(of: stop) { _ in }
        let rerun = try await client.request(
            BulkOrder(.rerun(from: .start, version: .current), all, perSecond: 1_000, expected: runs))

        for round in 1...rounds {
            // Until some more receipts are there, which may be all.
            let least = min(runs, round * runs / (rounds + 1))
            try await Patience.wait(until: "the operation has written \(least) receipts") {
                try await client.bulkOperation(rerun.id).counts.receipts >= least
            }
            #expect(try await server.end(with: SIGKILL) == -SIGKILL)
            server = try await ServerProcess.start(on: store, options, log: directory.path + "/log")
            client = server.client(key)
        }
        let ended = try await BulkWatch(client: client).end(of: rerun) { _ in }
        #expect(ended.state == .finished && ended.counts == BulkCounts(done: runs))
        var receipts: [BulkReceipt] = []
        var token: String?
        repeat {
            let page = try await client.receipts(of: rerun.id, limit: 1_000, nextToken: token)
            receipts += page.receipts
            token = page.nextToken
        } while token != nil
        #expect(receipts.map(\.number) == Array(1...runs))
        #expect(Set(receipts.map(\.run)) == started)
        #expect(Set(receipts.compactMap(\.result.rerun)).count == runs)
        let total = try await client.runs(limit: 1, withTotal: true).total?.exact
        #expect(total == 2 * runs)
        #expect(try await server.end(with: SIGTERM) == 0)
    }

    private static func start(_ runs: Int, through client: WorkflowClient) async throws -> Set<RunID> {
        let starters = 10
        return try await withThrowingTaskGroup(of: [RunID].self) { group in
            for _ in 0..<starters {
                group.addTask {
                    var started: [RunID] = []
                    for _ in 0..<runs / starters {
                        started.append(try await client.start(.init(configuration: "cg-daily")).run.id)
                    }
                    return started
                }
            }
            return try await group.reduce(into: []) { $0.formUnion($1) }
        }
    }
}
