import Foundation
import GRDB
import SQLiteTestKit
import StoreCore
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import SQLiteStore

/// A database that an earlier version wrote, before tasks had warnings.
@Suite struct MigrationOfWarningsTests {
    /// A run with a task that is held, and an alert.
    private static let rows = """
        INSERT INTO tenants (number, name) VALUES (1, 'acme');
        INSERT INTO run_types (number, tenant, name) VALUES (1, 1, 'a.b');
        INSERT INTO principals (number, tenant, id, name) VALUES (1, 1, 'u-1', 'Ada');
        INSERT INTO runs (number, tenant, id, type, state, created_at, name, principal, configuration, launched_version, run_mode)
        VALUES (1, 1, 'wf-1', 1, 2, 1000, 'Daily', 1, 'cg-daily', 'etv-1', 'full');
        INSERT INTO tasks (tenant, run, position, id, definition_id, definition_type, label, execution_type, created_at, state,
            state_changed_at, attempt, token, worker, lease_expires_at, outputs, kept_from)
        VALUES (1, 1, 0, 't-1', 'a', 'x', 'A', 'command', 1000, 3, 2000, 1, 1, 'w', 99999999999999, NULL, NULL);
        INSERT INTO attempts (tenant, run, position, number, started_at) VALUES (1, 1, 0, 1, 2000);
        INSERT INTO alert_receivers (tenant, name, kind, url, secret, created_at, events)
        VALUES (1, 'ops', 'webhook', 'https://ops.example', x'01', 1, '["warning"]');
        INSERT INTO alerts (tenant, id, receiver, event, run, title, configuration, occurred_at, state, attempts, next_at)
        VALUES (1, 'a-1', 'ops', 'slow', 1, 'Daily', 'cg-daily', 1, 'pending', 0, 1);
        """

    @Test func aTaskOfAnOldRunLeavesWarnings() async throws {
        try await withDirectory { directory in
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            let database = try DatabaseQueue(path: directory + "/weir.db")
            try await database.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA application_id = \(OpenedDatabase.applicationID)")
                let earlier = Migration.all.filter { $0.number < Migration.warnings.number }
                try Migration.apply(earlier, to: DatabaseConnection(database))
                try database.execute(sql: Self.rows)
            }
            try database.close()
            let store = try SQLiteStore.open(directory: directory)
            let bench = StoreBench(store)
            let run = RunID(rawValue: "wf-1")
            let before = try await bench.details(run)
            #expect(before.run.warnings == 0 && before.tasks.map(\.warnings) == [TaskWarnings()])
            let lease = Lease(tenant: StoreBench.acme, run: run, task: before.tasks[0].id, attempt: 1, token: 1)
            let output = TaskOutput(warnings: try TaskWarnings(["3 rows have no price"]))
            #expect(try await store.commit(.succeeded(output), under: lease, at: StoreBench.start) == .accepted(.succeeded))
            let after = try await bench.details(run)
            #expect(after.run.warnings == 1 && after.tasks[0].warnings.texts == ["3 rows have no price"])
            let alerts = try await store.alerts(matching: AlertQuery(of: StoreBench.acme, limit: 10)).alerts
            #expect(alerts.map(\.event) == [.warning, .slow])
            try await store.fileAll()
            #expect(try await bench.ids(.reading([.hasWarnings: "true"])) == ["wf-1"])
            #expect(try await store.checkOfAllTenants(repairing: false, at: StoreBench.start) == [])
            try await store.close()
        }
    }
}
