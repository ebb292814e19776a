import GRDB
import SQLiteTestKit
import StoreCore
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import SQLiteStore

@Suite struct CheckTests {
    struct Damage: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var sql: String
        var subject: StoreFinding.Subject
        var isRepairable = true
        /// nil where it depends on the history.
        var places: Int? = 1
    }

    /// Damage that is done to a database without the store.
    static let damages = [
        Damage(
            testDescription: "a total that is too high",
            sql: "UPDATE run_counts SET succeeded = succeeded + 1 WHERE level = 0 AND type = 0 AND clock = 0", subject: .counts),
        Damage(
            testDescription: "a node that is gone", sql: "DELETE FROM run_counts WHERE level = 1 AND type = 0 AND clock = 0",
            subject: .counts),
        Damage(
            testDescription: "nodes of an unknown tenant",
            sql:
                "INSERT INTO run_counts SELECT 99, type, clock, level, start, is_split, NULL, NULL, 1, 0, 0, 0, 0, 0, 0, 0 FROM run_counts WHERE level = 0 AND type = 0",
            subject: .counts, places: 2),
        Damage(
            testDescription: "ends outside of what is kept",
            sql: "UPDATE run_counts SET last_end = first_end WHERE level = 0 AND type = 0 AND clock = 0", subject: .counts),
        Damage(
            testDescription: "a root that says that nothing is below it",
            sql: "UPDATE run_counts SET is_split = 0 WHERE level = 0 AND type = 0 AND clock = 0", subject: .counts),
        Damage(
            testDescription: "counts below zero",
            sql: "UPDATE run_counts SET failed = -1 WHERE level = 0 AND type = 0 AND clock = 1", subject: .counts),
        Damage(
            testDescription: "an entry that an index has not got",
            sql:
                "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'warn_at IS NOT NULL', 'name IS NOT NULL') WHERE name = 'runs_warn'",
            subject: .storage),
        Damage(
            testDescription: "a principal that is not there",
            sql: "PRAGMA foreign_keys = OFF; UPDATE runs SET principal = 999 WHERE id = 'damaged'", subject: .references,
            isRepairable: false),
        Damage(
            testDescription: "an ended run that is watched", sql: "UPDATE runs SET warn_at = 5 WHERE id = 'damaged'", subject: .runs
        ),
        Damage(
            testDescription: "a run with fewer attempts than its task",
            sql: "UPDATE runs SET attempts = 0 WHERE configuration = 'cg-held'", subject: .runs),
        Damage(
            testDescription: "a run with fewer warnings than its task",
            sql: #"UPDATE tasks SET warnings = '["a","b"]' WHERE definition_id = 'held'"#, subject: .runs),
        Damage(
            testDescription: "a run with warnings of no task", sql: "UPDATE runs SET warnings = 1 WHERE configuration = 'cg-held'",
            subject: .runs),
        Damage(
            testDescription: "a run that goes on without tasks",
            sql: "UPDATE tasks SET state = 7, ended_at = 5, worker = NULL, lease_expires_at = NULL WHERE definition_id = 'held'",
            subject: .runs),
        Damage(
            testDescription: "a task that goes on without its run",
            sql: "UPDATE runs SET state = 6, ended_at = 5 WHERE configuration = 'cg-waits'", subject: .runs, isRepairable: false),
        Damage(
            testDescription: "a task that would never be claimed",
            sql: "UPDATE tasks SET ready_at = NULL WHERE definition_id = 'first'", subject: .tasks),
        Damage(
            testDescription: "a task that is claimed too early",
            sql: "UPDATE tasks SET ready_at = 5 WHERE definition_id = 'second'", subject: .tasks),
        Damage(
            testDescription: "history that is worked on", sql: "UPDATE tasks SET ready_at = 5 WHERE id = 'imported'",
            subject: .tasks),
        Damage(
            testDescription: "a holder without an attempt", sql: "UPDATE attempts SET ended_at = 5, outcome = 7", subject: .tasks,
            isRepairable: false),
        Damage(
            testDescription: "a duration of no run", sql: "INSERT INTO run_durations VALUES (1, 5, 'wf-none', 99999)",
            subject: .filing),
        Damage(
            testDescription: "a duration that is gone",
            sql: "DELETE FROM run_durations WHERE run = (SELECT min(run) FROM run_durations)", subject: .filing, places: nil),
        Damage(
            testDescription: "marks of another run",
            sql: "UPDATE run_marks SET run = (SELECT max(number) FROM runs) WHERE run = (SELECT min(run) FROM run_marks)",
            subject: .filing, places: nil),
        Damage(
            testDescription: "a count by type that is too high", sql: "UPDATE typed_days SET runs = runs + 1 WHERE subject = 1",
            subject: .filing),
        Damage(
            testDescription: "a count under another type", sql: "UPDATE typed_days SET type = type + 100 WHERE subject = 1",
            subject: .filing),
        Damage(
            testDescription: "a run that is filed and waits for it",
            sql: "INSERT INTO unfiled_runs SELECT min(run) FROM run_durations", subject: .filing),
        Damage(
            testDescription: "a run that waits to be filed and is not there", sql: "INSERT INTO unfiled_runs VALUES (99999)",
            subject: .filing),
        Damage(
            testDescription: "a run at rest that is neither filed nor waits for it", sql: "DELETE FROM unfiled_runs",
            subject: .filing),
        Damage(
            testDescription: "a count of a subject that is too high",
            sql: "UPDATE run_counts SET failed = failed + 1 WHERE type = -1 AND level = 0", subject: .counts),
        Damage(testDescription: "output that is longer than it was", sql: "UPDATE attempts SET output_end = 4", subject: .output),
        Damage(testDescription: "output that was to be dropped", sql: "UPDATE attempts SET output_begin = 3", subject: .output),
        Damage(
            testDescription: "output of another length", sql: "UPDATE output_chunks SET bytes = x'00' WHERE from_byte = 0",
            subject: .output, isRepairable: false),
    ]

    @Test(arguments: damages)
    func isFoundAndRepairedWhereItCanBe(_ damage: Damage) async throws {
        try await withDirectory { directory in
            let store = try SQLiteStore.open(directory: directory)
            try await Self.fill(store)
            try await store.close()
            let database = try DatabaseQueue(path: directory + "/weir.db")
            try await database.writeWithoutTransaction { try $0.execute(sql: damage.sql) }
            try database.close()

            let damaged = try SQLiteStore.open(directory: directory)
            let found = try await damaged.checkOfAllTenants(repairing: false, at: StoreBench.after(60))
            #expect(found.map(\.subject) == [damage.subject])
            #expect(found.map(\.remedy) == [damage.isRepairable ? .repairable : .lasting])
            if let places = damage.places, damage.subject != .counts, damage.subject != .storage {
                #expect(found.first?.places == places)
            }
            let repaired = try await damaged.checkOfAllTenants(repairing: true, at: StoreBench.after(60))
            #expect(repaired.map(\.remedy) == [damage.isRepairable ? .repaired : .lasting])
            let left = try await damaged.checkOfAllTenants(repairing: false, at: StoreBench.after(60))
            #expect(left == (damage.isRepairable ? [] : found))
            try await damaged.fileAll()
            #expect(try await damaged.checkOfAllTenants(repairing: false, at: StoreBench.after(60)) == left)
            try await damaged.close()
        }
    }

    /// An attempt more, and the run belongs to the runs with several attempts.
    @Test func aRepairedRunIsFiledAgain() async throws {
        try await withEmbeddedStore { store in
            let bench = StoreBench(store)
            try await bench.start()
            try await bench.succeed(try await bench.claimOne())
            try await store.fileAll()
            _ = try await store.write { try $0.change("UPDATE tasks SET attempt = 2") }
            #expect(try await store.checkOfAllTenants(repairing: true, at: StoreBench.start).map(\.remedy) == [.repaired])
            #expect(try await store.checkOfAllTenants(repairing: false, at: StoreBench.start) == [])
            try await store.fileAll()
            #expect(try await store.checkOfAllTenants(repairing: false, at: StoreBench.start) == [])
            let number = try await store.read { try $0.number(of: RunSubject(.retried, "2"), in: 1) }
            #expect(number != nil)
        }
    }

    @Test func aRepairedTaskIsClaimedAndARepairedRunHasEnded() async throws {
        try await withEmbeddedStore { store in
            let bench = StoreBench(store)
            let stuck = try await bench.start([StoreBench.task("first"), StoreBench.task("second", needs: ["first"])])
            let over = try await bench.start(configuration: "cg-over", at: StoreBench.after(1))
            let leases = try await bench.claim(at: StoreBench.after(1)).map(\.lease)
            for lease in leases { _ = try await store.commit(.began, under: lease, at: StoreBench.after(2)) }
            let first = try #require(leases.first { $0.run == stuck })
            _ = try await store.commit(.succeeded(TaskOutput()), under: first, at: StoreBench.after(3))
            try await store.pool.write { database in
                try database.execute(sql: "UPDATE tasks SET ready_at = NULL")
                try database.execute(
                    sql: "UPDATE tasks SET state = 7, ended_at = 5, worker = NULL, lease_expires_at = NULL WHERE state = 3")
            }
            #expect(try await bench.claim(at: StoreBench.after(60)).isEmpty)
            let found = try await store.checkOfAllTenants(repairing: true, at: StoreBench.after(60))
            #expect(Set(found.map(\.remedy)) == [.repaired])
            #expect(try await bench.claim(at: StoreBench.after(60)).map(\.definitionID) == ["second"])
            #expect(try await bench.details(over).run.state == .succeeded)
            #expect(try await bench.details(over).run.endedAt == StoreBench.after(60))
            #expect(try await bench.total(RunFilter(state: .succeeded)) == 1)
        }
    }

    /// Filed history that splits a count tree, and runs of this service: one that waits, one that is held and has printed
    /// something.
    private static func fill(_ store: SQLiteStore) async throws {
        let bench = StoreBench(store)
        let history = RunHistory(2_200, over: .weeks, random: bench.random)
        _ = try await store.importRuns(history.imported, into: history.tenant)
        try await store.fileAll()
        // This one waits to be filed.
        var old = history.runs[0]
        old.id = RunID(rawValue: "damaged")
        old.state = .succeeded
        old.endedAt = old.createdAt
        let task = TaskInstance(
            id: TaskID(rawValue: "imported"), run: old.id, tenant: old.tenant, label: "T", state: .scheduled,
            stateChangedAt: old.createdAt, createdAt: old.createdAt, executionType: "other", definitionID: "d",
            definitionType: "a.b")
        _ = try await store.importRuns([ImportedRun(run: old, tasks: [task])], into: history.tenant)
        try await bench.start([StoreBench.task("held")], configuration: "cg-held")
        let lease = try await bench.claimOne()
        _ = try await store.commit(.began, under: lease, at: StoreBench.start)
        for (offset, text) in [(0, "one"), (3, "two")] {
            let chunk = OutputChunk(offset: offset, bytes: Array(text.utf8))
            try await store.appendOutput(chunk, under: lease, keepingLast: 100)
        }
        let tasks = [StoreBench.task("first"), StoreBench.task("second", needs: ["first"])]
        try await bench.start(tasks, configuration: "cg-waits")
    }
}
