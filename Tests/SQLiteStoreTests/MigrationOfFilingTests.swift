import Foundation
import GRDB
import SQLiteTestKit
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import SQLiteStore

/// Databases that earlier versions wrote: before filing, and with larger marks.
@Suite struct MigrationOfFilingTests {
    /// More runs than a step files, in all states; every eighth goes on in each state.
    private static let rows = """
        INSERT INTO tenants (number, name) VALUES (1, 'acme');
        INSERT INTO run_types (number, tenant, name) VALUES (1, 1, 'a.b');
        INSERT INTO principals (number, tenant, id, name) VALUES (1, 1, 'u-1', 'Ada'), (2, 1, 'u-1', 'Ada L.');
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
        INSERT INTO runs (number, tenant, id, type, state, created_at, ended_at, name, principal, labels, configuration,
            imported_configuration, error_type, attempts)
        SELECT i, 1, 'wf-' || i, 1, i % 8, i * 1000, iif(i % 8 >= 5, i * 1000 + i % 7, NULL), 'Old', 1 + i % 2,
            iif(i % 3 = 0, 'team:crm,tier:' || (i % 2), NULL), iif(i % 8 < 5, 'cg-own', NULL),
            iif(i % 8 < 5, NULL, 'cg-' || i % 5), iif(i % 8 = 7, 'test/failed', NULL), 1 + i % 4 / 3
        FROM n;
        """

    private static let oldIndex = "CREATE INDEX runs_runtime ON runs (tenant, runtime_ms, id) WHERE ended_at IS NOT NULL;"

    /// As migration 27 left them. The number of the subject is one that filing gives to another.
    private static let filedRows = """
        INSERT INTO run_subjects (number, tenant, dimension, value) VALUES (2, 1, 2, 'u-1');
        INSERT INTO run_marks (subject, state, created_at, id, ended_at, run) VALUES (2, 6, 6000, 'wf-6', 6006, 6);
        INSERT INTO run_durations (tenant, runtime_ms, id, run) VALUES (1, 6, 'wf-6', 6);
        INSERT INTO run_counts VALUES (1, -2, 0, 0, 0, 0, 6006, 6006, 0, 0, 0, 0, 0, 0, 1, 0);
        INSERT INTO subject_texts (rowid, text) VALUES (2, 'old');
        DELETE FROM older_runs;
        DELETE FROM unfiled_runs WHERE run = 6;
        """

    private static func withOldDatabase(
        _ migration: Int = 14, with more: String = "", _ body: (SQLiteStore) async throws -> Void
    ) async throws {
        try await withDirectory { directory in
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            let database = try DatabaseQueue(path: directory + "/weir.db")
            try await database.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA application_id = \(OpenedDatabase.applicationID)")
                try Migration.apply(Migration.all.filter { $0.number <= migration }, to: DatabaseConnection(database))
                try database.execute(sql: rows + more)
            }
            try database.close()
            let store = try SQLiteStore.open(directory: directory)
            try await body(store)
            try await store.close()
        }
    }

    private static func expectRight(_ store: SQLiteStore) async throws {
        // The runs have neither versions nor tasks.
        let findings = try await store.checkOfAllTenants(repairing: false, at: StoreBench.start)
        #expect(findings.filter { [.filing, .counts].contains($0.subject) } == [])
    }

    @Test func olderRunsAreFiledInTheBackground() async throws {
        try await Self.withOldDatabase(with: Self.oldIndex) { store in
            #expect(try await store.durations().isEmpty, "nothing waits for it when the database is opened")
            try await Self.expectRight(store)
            #expect(try await store.fileRunsAtRest())
            try await Self.expectRight(store)
            try await store.fileAll()
            #expect(try await store.durations().count == 375)
            try await Self.expectRight(store)
            let state = try await store.read { try FilingState($0) }
            #expect(state.isUsable)
        }
    }

    @Test func runsWithLargerMarksAreFiledAgain() async throws {
        try await Self.withOldDatabase(27, with: Self.filedRows) { store in
            #expect(try await store.rows(of: "run_marks") == 0)
            try await Self.expectRight(store)
            try await store.fileAll()
            #expect(try await store.durations().count == 375)
            try await Self.expectRight(store)
        }
    }

    @Test func olderRunsThatEndOrAreDeletedMeanwhileAreFiledOnceOrNotAtAll() async throws {
        try await Self.withOldDatabase { store in
            _ = try await store.fileRunsAtRest()
            // Runs in the part that is filed already, and in the part that is not.
            _ = try await store.write { try $0.change("UPDATE runs SET state = 6, ended_at = created_at + 5 WHERE state = 3") }
            _ = try await store.fileRunsAtRest()
            try await store.deleteAll(createdBefore: Timestamp(milliseconds: 500_000))
            try await Self.expectRight(store)
            let bench = StoreBench(store)
            let id = try await bench.start()
            try await bench.succeed(try await bench.claimOne())
            try await store.fileAll()
            try await Self.expectRight(store)
            let ended = try await store.read {
                try String.fetchAll($0.database, sql: "SELECT id FROM runs WHERE ended_at > 0 ORDER BY id")
            }
            #expect(ended.contains(id.rawValue) && ended.count == 252)
            #expect(try await store.durations() == ended)
        }
    }
}
