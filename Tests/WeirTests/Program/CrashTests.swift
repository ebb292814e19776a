import Foundation
import ProgramTestKit
import Synchronization
import Testing
import WorkflowAPI
import WorkflowClient
import WorkflowModel
import WorkflowOperations

@testable import weir

/// Repeated `kill -9` under load: acknowledged runs exist and end, and no task runs twice.
@Suite("A service that is killed", .timeLimit(.minutes(10)))
struct CrashTests {
    private static let rounds = 5
    private static let startsInARound = 16
    /// The number of acknowledged starts before the service is killed.
    private static let killedAfter = 10

    private static var workflow: String {
        let tasks = ["one", "two", "three"].map { name in
            """
                  - id: \(name)
                    label: Task \(name)
                    type: test.ledger
                    needs: \(name == "three" ? "[one, two]" : "[]")
                    command: [sh, task.sh, "0.1"]
                    retry: {attempts: 20, first_delay: 10ms, max_delay: 100ms}
            """
        }.joined(separator: "\n")
        return "id: cg-crash\nname: Crash\ntype: test.crash/run\nstages:\n  - name: Only\n    tasks:\n\(tasks)\n"
    }

    @Test func everyAcknowledgedRunExistsAndEnds() async throws {
        let directory = try TemporaryDirectory()
        let data = directory.path + "/data"
        let file = try directory.write(Self.workflow, to: "crash.yaml")
        try directory.write(TaskLedger.script, to: "task.sh")
        let options = ["--rate-limit", "0", "--workers", "4"]
        var server = try await ServerProcess.start(data, options)
        let key = try await server.makeKey()
        let applied = try await Program.run(["apply", file], environment: server.environment(key))
        try #require(applied.status == 0, "\(applied.messages)")

        var acknowledged: [RunID] = []
        for round in 1...Self.rounds {
            let inThisRound = try await Self.startUntilKilled(server, key)
            #expect(inThisRound.count >= Self.killedAfter, "round \(round)")
            acknowledged += inThisRound
            server = try await ServerProcess.start(data, options)
            // Derived data was in the same commits as the runs.
            let checked = try await Program.run(["check", "--data", data])
            #expect(checked.status == 0, "round \(round): \(checked.output)")
            let client = server.client(key)
            for id in acknowledged {
                #expect(try await client.run(id).run.id == id)
            }
        }

        let client = server.client(key)
        let book = try await Self.endings(of: acknowledged, client)
        let ledger = TaskLedger(directory.text(of: "ledger"))
        #expect(book.flatMap { ledger.contradictions(to: $0.details, $0.attempts) } == [])
        let total = try await client.runs(limit: 1_000, withTotal: true).total?.exact
        #expect((total ?? 0) >= acknowledged.count)
        #expect(try await server.end(with: SIGTERM) == 0)
        let left = ledger.entries.filter { TaskProcesses.isRunning($0.process, for: $0.task) }
        #expect(left.isEmpty)
    }

    /// Sends starts concurrently and kills the service after a number of acknowledgements.
    /// - Returns: the acknowledged runs.
    private static func startUntilKilled(_ server: ServerProcess, _ key: [String: String]) async throws -> [RunID] {
        let client = server.client(key)
        var acknowledged: [RunID] = []
        await withTaskGroup(of: RunID?.self) { group in
            for _ in 0..<startsInARound {
                group.addTask { try? await client.start(.init(configuration: "cg-crash")).run.id }
            }
            for await id in group {
                if let id { acknowledged.append(id) }
                if acknowledged.count == killedAfter { server.send(SIGKILL) }
            }
        }
        #expect(try await server.end(with: SIGKILL) == -SIGKILL)
        return acknowledged
    }

    private typealias Book = [(details: WorkflowRunDetails, attempts: [TaskAttemptRecord])]

    /// Waits for the end of every run.
    private static func endings(of ids: [RunID], _ client: WorkflowClient) async throws -> Book {
        var book: Book = []
        for id in ids {
            let details = try await RunWatch(client: client).end(of: id) { _ in }
            book.append((details, try await client.attempts(of: id)))
        }
        return book
    }
}
