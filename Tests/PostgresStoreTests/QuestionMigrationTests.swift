import PostgresTestKit
import StoreCore
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import PostgresStore

@Suite struct QuestionMigrationTests {
    /// A database of the schema before: a run of a workflow, and imported history. Their month has partitions already.
    private let before = """
        INSERT INTO tenants (name) VALUES ('acme');
        INSERT INTO run_types (tenant, name) VALUES (1, 'a.b');
        INSERT INTO principals (tenant, id, name) VALUES (1, 'key-1', 'Operator''s key');
        INSERT INTO runs (tenant, id, created_at, ended_at, type, principal, state, name, configuration, launched_version, run_mode)
        VALUES (1, 'wf-20231114-1', 1700000000000, 1700000005000, 1, 1, 6, 'Daily', 'cg-daily', 'v-1', 'full');
        INSERT INTO runs (tenant, id, created_at, ended_at, type, principal, state, name, imported_version)
        VALUES (1, 'wf-20231114-2', 1700000001000, 1700000009000, 1, 1, 6, 'Old', 'v-0');
        """

    @Test func runsOfTheSchemaBeforeAreFoundAndSortedLikeAllOthers() async throws {
        try await TestDatabase.withEmpty { database in
            try await database.session { [before] connection in
                let earlier = Migration.all.filter { $0.number < Migration.questions.number }
                try Migration.apply(earlier, to: connection)
                try connection.makeOldPartitions(for: PartitionMonth(of: StoreBench.start))
                try connection.control(before)
            }
            let store = try await database.openStore()
            let bench = StoreBench(store)
            let (own, old) = (RunID(rawValue: "wf-20231114-1"), RunID(rawValue: "wf-20231114-2"))
            let details = try await bench.details(own)
            #expect(!details.isImported && details.run.attempts == 1)
            #expect(details.run.origin == RunOrigin(configuration: "cg-daily", runMode: .full))
            let imported = try await bench.details(old)
            #expect(imported.isImported && imported.run.origin == RunOrigin() && imported.run.attempts == 1)

            let byRuntime = RunQuery(tenant: StoreBench.acme, sort: RunSort(by: .runtime))
            #expect(try await store.runs(matching: byRuntime).runs.map(\.id) == [old, own])
            var filter = RunFilter()
            filter.configurations = TextChoice("cg-daily")
            #expect(try await bench.walk(filter, by: 1).map(\.id) == [own])
            #expect(try await store.views(of: StoreBench.acme).isEmpty)
            try await store.close()
        }
    }

    @Test func partitionsOfEarlierAndLaterMonthsHaveTheSameIndexes() async throws {
        try await TestDatabase.withEmpty { database in
            let months = [PartitionMonth(of: StoreBench.start), PartitionMonth(of: StoreBench.start).advanced(by: 1)]
            try await database.session { connection in
                try Migration.apply(Migration.all.filter { $0.number < Migration.questions.number }, to: connection)
                try connection.makeOldPartitions(for: months[0])
                try Migration.apply(Migration.all, to: connection)
                try connection.makePartitions(for: months)
                let indexes = try months.map { month in
                    try connection.rows(
                        "SELECT indexdef FROM pg_indexes WHERE schemaname = 'weir' AND tablename = $1", "runs_\(month.suffix)"
                    ) { try $0.next(String.self).replacing(month.suffix, with: "MONTH") }
                }
                #expect(Set(indexes[0].map { ExactText($0) }) == Set(indexes[1].map { ExactText($0) }) && indexes[0].count > 10)
            }
        }
    }
}
