import GRDB
import SQLiteTestKit
import Synchronization
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import SQLiteStore

@Suite("Subscriptions on the way of ending runs")
struct SubscriptionPlanTests {
    /// The statements that begin with SELECT while a run is stopped.
    private func queries(
        receivers: Int, subscribed: Int, _ check: ([String]) throws -> Void
    ) async throws {
        let statements = Mutex<[String]>([])
        try await withDirectory { directory in
            let store = try SQLiteStore.open(directory: directory, time: SystemTime()) { database in
                database.trace { event in
                    if case .statement(let statement) = event { statements.withLock { $0.append(statement.sql) } }
                }
            }
            let bench = StoreBench(store)
            let names = (0..<receivers).map { "r\($0)" }
            for name in names {
                try await store.createReceiver(
                    AlertReceiver(
                        tenant: StoreBench.acme, name: name, kind: .webhook, url: "https://\(name).example/",
                        rule: AlertRule(events: [.slow]), secret: [1], createdAt: StoreBench.start))
            }
            let id = try await bench.start()
            for name in names.prefix(subscribed) {
                let subscription = RunSubscription(to: name, by: StoreBench.someone, at: StoreBench.start)
                let outcome: SubscriptionOutcome = try await store.subscribe(subscription, to: id, of: StoreBench.acme)
                #expect(outcome == SubscriptionOutcome.added(event: nil))
            }
            statements.withLock { $0 = [] }
            _ = try await store.stopRun(id, of: StoreBench.acme, at: StoreBench.after(1))
            try check(statements.withLock { $0 }.filter { $0.hasPrefix("SELECT") })
            try await store.close()
        }
    }

    @Test func aTenantWithoutReceiversAsksForNone() async throws {
        try await queries(receivers: 0, subscribed: 0) { queries in
            #expect(!queries.contains { $0.contains("run_subscriptions") })
        }
    }

    @Test(arguments: [0, 1, 20])
    func theQueryOfTheRunReadsThem(subscribed: Int) async throws {
        try await queries(receivers: 20, subscribed: subscribed) { queries in
            let asking = queries.filter { $0.contains("run_subscriptions") }
            #expect(asking == [SubscriptionStatement.alertedRun])
            #expect(queries.count { $0.contains("FROM alert_receivers") } == 1)
            #expect(queries.count { $0.contains("FROM alert_rules") } == 1)
        }
    }

    @Test func everyStatementUsesItsKey() async throws {
        try await withEmbeddedStore { store in
            let expected: [String: [String]] = [
                SubscriptionStatement.alertedRun: [
                    "SEARCH r USING INTEGER PRIMARY KEY (rowid=?)", "SEARCH t USING INTEGER PRIMARY KEY (rowid=?)",
                    "SEARCH s USING PRIMARY KEY (tenant=? AND run=?)",
                ],
                SubscriptionStatement.list: [
                    "SEARCH s USING PRIMARY KEY (tenant=? AND run=?)", "SEARCH p USING INTEGER PRIMARY KEY (rowid=?)",
                ],
                SubscriptionStatement.deleteOfRun: ["SEARCH run_subscriptions USING PRIMARY KEY (tenant=? AND run=?)"],
            ]
            for (sql, lines) in expected {
                let plan = try await store.plan(sql)
                for line in lines { #expect(plan.contains(line), "\(plan)") }
            }
        }
    }
}
