import Foundation
import GRDB
import SQLiteTestKit
import StoreCore
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import SQLiteStore

/// A database that an earlier version wrote, before runs had labels, attempts and a workflow in imported history.
@Suite struct MigrationOfQuestionsTests {
    /// Two runs of this service, one of which has a task with three attempts, and an imported run with such a task.
    private static let rows = """
        INSERT INTO tenants (number, name) VALUES (1, 'acme');
        INSERT INTO run_types (number, tenant, name) VALUES (1, 1, 'a.b');
        INSERT INTO principals (number, tenant, id, name) VALUES (1, 1, 'u-1', 'Ada');
        INSERT INTO runs (number, tenant, id, type, state, created_at, ended_at, name, principal, configuration, launched_version,
            run_mode, stop_requested_at, stop_requested_by)
        VALUES (1, 1, 'wf-1', 1, 6, 1000, 5000, 'Daily', 1, 'cg-daily', 'etv-1', 'full', NULL, NULL),
            (2, 1, 'wf-2', 1, 5, 2000, 3000, 'Daily', 1, 'cg-daily', 'etv-1', 'full', 2500, 1);
        INSERT INTO runs (number, tenant, id, type, state, created_at, ended_at, name, principal, launched_version, imported_version)
        VALUES (3, 1, 'wf-3', 1, 7, 500, 10500, 'Old', 1, 'etv-a', 'etv-b');
        INSERT INTO runs (number, tenant, id, type, state, created_at, name, principal) VALUES (4, 1, 'wf-4', 1, 2, 700, 'Old', 1);
        INSERT INTO tasks (tenant, run, position, id, definition_id, definition_type, label, execution_type, created_at, state,
            state_changed_at, ended_at, attempt, token)
        VALUES (1, 1, 0, 't-1', 'a', 'x', 'A', 'shell', 1000, 7, 2000, 2000, 1, 1),
            (1, 1, 1, 't-2', 'b', 'x', 'B', 'shell', 1000, 7, 5000, 5000, 3, 3),
            (1, 2, 0, 't-3', 'a', 'x', 'A', 'shell', 2000, 6, 3000, 3000, 0, 0),
            (1, 3, 0, 't-4', 'a', 'x', 'A', 'shell', 500, 8, 900, 900, 2, 0);
        """

    private static func withOldDatabase(_ body: (SQLiteStore) async throws -> Void) async throws {
        try await withDirectory { directory in
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            let database = try DatabaseQueue(path: directory + "/weir.db")
            try await database.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA application_id = \(OpenedDatabase.applicationID)")
                try Migration.apply(Migration.all.filter { $0.number <= 12 }, to: DatabaseConnection(database))
                try database.execute(sql: rows)
            }
            try database.close()
            let store = try SQLiteStore.open(directory: directory)
            try await body(store)
            try await store.close()
        }
    }

    @Test func oldRunsHaveTheAttemptsOfTheirTasks() async throws {
        try await Self.withOldDatabase { store in
            let runs = try await StoreBench(store).walk(by: 2)
            #expect(runs.map(\.id.rawValue) == ["wf-2", "wf-1", "wf-4", "wf-3"])
            #expect(runs.map(\.attempts) == [1, 3, 1, 2])
            #expect(runs.map(\.origin.configuration) == ["cg-daily", "cg-daily", nil, nil])
            #expect(runs.allSatisfy { $0.origin.labels.isEmpty })
            var filter = RunFilter()
            filter.attemptsFrom = 2
            #expect(try await StoreBench(store).walk(filter, by: 5).map(\.id.rawValue) == ["wf-1", "wf-3"])
        }
    }

    @Test func oldRunsAreSortedByTheirRuntime() async throws {
        try await Self.withOldDatabase { store in
            try await store.fileAll()
            for (direction, expected) in [
                (RunSort.Direction.descending, ["wf-3", "wf-1", "wf-2"]), (.ascending, ["wf-2", "wf-1", "wf-3"]),
            ] {
                let query = RunQuery(tenant: StoreBench.acme, sort: RunSort(by: .runtime, direction), withTotal: true)
                let page = try await store.runs(matching: query)
                #expect(page.runs.map(\.id.rawValue) == expected)
                #expect(page.total == .exactly(3))
            }
        }
    }

    @Test func oldHistoryIsStillImportedAndOldRunsAreNot() async throws {
        try await Self.withOldDatabase { store in
            for (id, isImported) in [("wf-1", false), ("wf-2", false), ("wf-3", true), ("wf-4", true)] {
                let details = try #require(try await store.run(RunID(rawValue: id), of: StoreBench.acme))
                #expect(details.isImported == isImported)
            }
            #expect(try await store.run(RunID(rawValue: "wf-3"), of: StoreBench.acme)?.currentVersion?.rawValue == "etv-b")
            #expect(try await store.run(RunID(rawValue: "wf-2"), of: StoreBench.acme)?.stop?.requestedBy.name == "Ada")
        }
    }

    @Test func nothingIsWrongAfterwardsAndNewRunsAreWritten() async throws {
        try await Self.withOldDatabase { store in
            let bench = StoreBench(store)
            #expect(try await store.checkOfAllTenants(repairing: false, at: StoreBench.start) == [])
            let id = try await bench.start()
            try await bench.succeed(bench.claimOne(), at: StoreBench.after(60))
            try await store.fileAll()
            let longest = RunQuery(tenant: StoreBench.acme, sort: RunSort(by: .runtime), limit: 1)
            #expect(try await store.runs(matching: longest).runs.map(\.id) == [id])
            let view = SavedView(name: "All", search: "", savedBy: StoreBench.someone, savedAt: StoreBench.start)
            #expect(try await store.save(view, of: StoreBench.acme))
            #expect(try await store.checkOfAllTenants(repairing: false, at: StoreBench.start) == [])
        }
    }

    /// Only the text of the declaration changes for the new columns: the number of pages stays the same.
    @Test func columnsAreAddedWithoutWritingRows() throws {
        try DatabaseQueue().writeWithoutTransaction { database in
            let connection = DatabaseConnection(database)
            try Migration.apply(Migration.all.filter { $0.number <= 12 }, to: connection)
            try database.execute(sql: Self.rows)
            let before = database.totalChangesCount
            try Migration.apply(Migration.all.filter { $0.number <= 13 }, to: connection)
            // The row of the schema.
            #expect(database.totalChangesCount == before + 1)
            let row = try Row.fetchOne(
                database, sql: "SELECT labels, attempts, imported_configuration, runtime_ms FROM runs WHERE number = 1")
            #expect(row == ["labels": nil, "attempts": 1, "imported_configuration": nil, "runtime_ms": 4_000])
            #expect(try String.fetchAll(database, sql: "PRAGMA integrity_check") == ["ok"])
        }
    }
}
