import PostgresTestKit
import StoreCore
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import PostgresStore

/// A database that an earlier version wrote, before filing.
@Suite struct MigrationOfFilingTests {
    /// More runs than a step files, in all states; every eighth goes on in each state. A run each minute from 2023-11-14 on.
    private static let rows = """
        INSERT INTO tenants (name) VALUES ('acme'), ('globex');
        INSERT INTO run_types (tenant, name) VALUES (1, 'a.b');
        INSERT INTO principals (tenant, id, name) VALUES (1, 'u-1', 'Ada'), (1, 'u-1', 'Ada L.');
        INSERT INTO runs (tenant, id, type, state, created_at, ended_at, name, principal, labels, configuration,
            imported_configuration, error_type, error_message, attempts)
        SELECT 1 + i % 2, 'wf-20231114-' || i, 1, i % 8, 1700000000000 + i * 60000,
            CASE WHEN i % 8 >= 5 THEN 1700000000000 + i * 60000 + i % 7 END, 'Old', 1 + i % 2,
            CASE WHEN i % 3 = 0 THEN 'team:crm,tier:' || i % 2 END, CASE WHEN i % 8 < 5 THEN 'cg-own' END,
            CASE WHEN i % 8 >= 5 THEN 'cg-' || i % 5 END, CASE WHEN i % 8 = 7 THEN 'test/failed' END,
            CASE WHEN i % 8 = 7 THEN 'No' END, 1 + i % 4 / 3
        FROM generate_series(1, 1600) AS n (i);
        """

    static let before = Migration.all.filter { $0.number < Migration.filing.number }

    private static func withOldDatabase(_ body: (PostgresStore, TestDatabase) async throws -> Void) async throws {
        try await TestDatabase.withEmpty { database in
            try await database.session { connection in
                try Migration.apply(before, to: connection)
                try connection.makeOldPartitions(for: PartitionMonth(of: StoreBench.start))
                try connection.control(rows)
            }
            let store = try await database.openStore()
            try await body(store, database)
            try await store.close()
        }
    }

    @Test func olderRunsAreFiledInTheBackground() async throws {
        try await Self.withOldDatabase { store, _ in
            #expect(try await store.rows(of: "run_marks") == 0, "nothing waits for it when the database is opened")
            let filter = try RunFilter.reading([.label: "team:crm", .state: "succeeded"])
            let ids = try await StoreBench(store).ids(filter)
            #expect(!ids.isEmpty)
            var steps = 0
            repeat {
                steps += 1
                try await store.expectRight()
                #expect(try await StoreBench(store).ids(filter) == ids)
            } while try await store.fileRunsAtRest()
            #expect(steps == 1_600 / FilingLimits.runs + 1)
            #expect(
                try await store.rows(of: "run_marks AS m JOIN run_subjects AS s ON s.number = m.subject WHERE dimension = 2") == 600
            )
            #expect(try await StoreBench(store).ids(filter) == ids)
            try await store.expectRight(unfiled: 0)
            #expect(try await store.read { try !$0.hasOlderRuns() })
        }
    }

    @Test func olderRunsThatEndOrAreDeletedMeanwhileAreFiledOnceOrNotAtAll() async throws {
        try await Self.withOldDatabase { store, database in
            _ = try await store.fileRunsAtRest()
            // Runs in the part that is filed already, and in the part that is not.
            try await database.sql("UPDATE runs SET state = 6, ended_at = created_at + 5 WHERE state = 3")
            #expect(try await store.rows(of: "unfiled_runs") == 200)
            _ = try await store.fileRunsAtRest()
            try await store.expectRight(unfiled: 0)
            _ = try await StoreBench(store).retain(createdBefore: Timestamp(milliseconds: 1_700_000_000_000 + 800 * 60_000))
            try await store.expectRight()
            try await store.fileAll()
            try await store.expectRight(unfiled: 0)
            #expect(
                try await store.rows(of: "run_marks AS m JOIN run_subjects AS s ON s.number = m.subject WHERE dimension = 2") == 400
            )
        }
    }

    /// Noted by the trigger and behind the place of older runs: it would be on a page twice.
    @Test func anOlderRunThatIsNotedIsFiledOnce() async throws {
        try await Self.withOldDatabase { store, database in
            try await database.sql("INSERT INTO unfiled_runs SELECT tenant, created_at, id FROM runs WHERE state = 6")
            try await store.pool.run { connection in
                try connection.transaction {
                    let noted = try connection.rows("SELECT run FROM unfiled_runs ORDER BY run") { try $0.next(RunID.self) }
                    #expect(noted.count == 200)
                }
            }
            try await store.fileAll()
            try await store.expectRight(unfiled: 0)
        }
    }
}

extension PostgresConnection {
    /// The partitions of a version before filing.
    func makeOldPartitions(for month: PartitionMonth) throws {
        let later = Partitions.names(of: month).filter { $0.hasPrefix("run_marks") || $0.hasPrefix("subject_days") }
        try control(Partitions.statements(for: month, beside: later))
    }
}
