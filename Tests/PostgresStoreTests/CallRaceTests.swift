import PostgresTestKit
import StoreCore
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import PostgresStore

/// A called run ends in one transaction while its caller begins to wait for it in another one.
@Suite("The end of a called run", .timeLimit(.minutes(5)))
struct CallRaceTests {
    private struct NeverBlocked: Error {}

    @Test("is noticed at once, whichever transaction comes first", arguments: [true, false])
    func isNotMissed(endsFirst: Bool) async throws {
        try await TestDatabase.with { database in
            let store = try await database.openStore()
            let other = try await database.openStore(settings: PostgresSettings(connections: 1, foldInterval: nil))
            let bench = StoreBench(store)
            let parent = try await bench.start([StoreBench.task("call")])
            let call = try await bench.claimOne()
            var plan = try await bench.plan([StoreBench.task("work")], configuration: "cg-child")
            plan.calledBy = RunCaller(run: parent, task: call.task)
            let child = try await bench.store.createRun(plan, once: nil).details.run.id
            let work = try await bench.claimOne()
            let wait = TaskWait(
                for: .run, until: StoreBench.after(600), memo: JSONText(validated: "{\"run\":\"\(child)\"}"))
            let ends: (lease: Lease, events: [TaskEvent]) = (work, [.began, .succeeded(TaskOutput(values: nil))])
            let waits: (lease: Lease, events: [TaskEvent]) = (call, [.began, .waiting(wait, runID: child.rawValue)])
            let (first, second) = endsFirst ? (ends, waits) : (waits, ends)

            try await other.pool.run { connection in
                try connection.begin()
                var signals: Set<StoreSignal> = []
                _ = try connection.commit(first.events, under: first.lease, at: StoreBench.after(1), signals: &signals)
            }
            let commit = Task { try await store.commit(second.events, under: second.lease, at: StoreBench.after(1)) }
            try await isBlocked(in: database)
            try await other.pool.run { try $0.commit() }
            _ = try await commit.value

            #expect(try await bench.details(child).run.state == .succeeded)
            let again = try await bench.claim(at: StoreBench.after(1))
            #expect(again.map(\.lease.task) == [call.task])
            try await other.close()
            try await store.close()
        }
    }

    /// Returns when a transaction waits for an advisory lock of an end.
    private func isBlocked(in database: TestDatabase) async throws {
        let waiting = """
            SELECT count(*) FROM pg_locks AS l JOIN pg_database AS d ON d.oid = l.database
            WHERE l.locktype = 'advisory' AND l.classid = \(WakeStatement.lock) AND NOT l.granted AND d.datname = '\(database.name)'
            """
        for _ in 0..<2_000 {
            if try await database.sql(waiting).contains("1") { return }
        }
        throw NeverBlocked()
    }
}
