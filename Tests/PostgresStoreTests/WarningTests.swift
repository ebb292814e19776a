import PostgresTestKit
import StoreCore
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import PostgresStore

@Suite struct WarningTests {
    /// A database of the schema before: a run, and an alert.
    private let before = """
        INSERT INTO tenants (name) VALUES ('acme');
        INSERT INTO run_types (tenant, name) VALUES (1, 'a.b');
        INSERT INTO principals (tenant, id, name) VALUES (1, 'key-1', 'Operator''s key');
        INSERT INTO runs (tenant, id, created_at, ended_at, type, principal, state, name, configuration, launched_version, run_mode)
        VALUES (1, 'wf-20231114-1', 1700000000000, 1700000005000, 1, 1, 6, 'Daily', 'cg-daily', 'v-1', 'full');
        """

    @Test func aDatabaseOfTheSchemaBeforeTakesWarningsAndTheirAlerts() async throws {
        try await TestDatabase.withEmpty { database in
            try await database.session { [before] connection in
                try Migration.apply(Migration.all.filter { $0.number < Migration.warnings.number }, to: connection)
                try connection.makePartitions(for: [PartitionMonth(of: StoreBench.start)])
                try connection.control(before)
            }
            let store = try await database.openStore()
            let bench = StoreBench(store)
            #expect(try await bench.details(RunID(rawValue: "wf-20231114-1")).run.warnings == 0)
            let warned = try await Self.warnedRun(bench, of: StoreBench.globex)
            #expect(try await bench.ids(.reading([.hasWarnings: "true"]), of: StoreBench.globex) == [warned.rawValue])
            let alerts = try await store.alerts(matching: AlertQuery(of: StoreBench.globex, limit: 10)).alerts
            #expect(alerts.map(\.event) == [.warning])
            try await store.close()
        }
    }

    @Test(arguments: [
        "UPDATE runs SET warnings = 7 WHERE warnings = 2", "UPDATE runs SET warnings = 0",
        #"UPDATE tasks SET warnings = '["\u0000","b","c"]'"#, "UPDATE tasks SET warnings = NULL",
    ])
    func aWrongNumberIsFoundAndRepaired(damage: String) async throws {
        try await TestDatabase.withStore { store in
            let bench = StoreBench(store)
            let run = try await Self.warnedRun(bench)
            #expect(try await store.checkOfAllTenants(repairing: false, at: StoreBench.start) == [])
            try await store.pool.run { _ = try $0.control(damage) }
            let message = "Runs have another number of warnings than their tasks."
            for (isRepairing, remedy) in [(false, StoreFinding.Remedy.repairable), (true, .repaired)] {
                let found = try await store.checkOfAllTenants(repairing: isRepairing, at: StoreBench.start)
                #expect(found == [StoreFinding(.runs, places: 1, message, remedy: remedy)])
            }
            #expect(try await store.checkOfAllTenants(repairing: false, at: StoreBench.start) == [])
            let details = try await bench.details(run)
            #expect(details.run.warnings == details.warnings.count)
        }
    }

    private static func warnedRun(_ bench: StoreBench, of tenant: Tenant = StoreBench.acme) async throws -> RunID {
        try await bench.store.createReceiver(
            AlertReceiver(
                tenant: tenant, name: "ops", kind: .webhook, url: "https://ops.example",
                rule: AlertRule(events: [.warning]), secret: [1], createdAt: StoreBench.start))
        let run = try await bench.start(of: tenant)
        let output = TaskOutput(warnings: try TaskWarnings(["3 rows have no price", "late"]))
        let lease = try await bench.claimOne()
        _ = try await bench.store.commit([.began, .succeeded(output)], under: lease, at: StoreBench.after(1))
        return run
    }
}
