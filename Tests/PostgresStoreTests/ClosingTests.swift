import PostgresTestKit
import StoreCore
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import PostgresStore

@Suite("Deadlines of closing tasks") struct ClosingTests {
    @Test(arguments: [
        "DELETE FROM closing_deadlines", "INSERT INTO closing_deadlines SELECT tenant, id, created_at, 5 FROM runs WHERE state = 6",
    ])
    func damageIsFoundAndRepaired(sql: String) async throws {
        try await TestDatabase.withStore { store in
            let bench = StoreBench(store)
            try await bench.start()
            try await bench.succeed(bench.claimOne())
            let id = try await bench.startStopped()
            #expect(try await store.checkOfAllTenants(repairing: false, at: StoreBench.start) == [])
            try await store.pool.run { _ = try $0.control(sql) }
            #expect(try await store.checkOfAllTenants(repairing: true, at: StoreBench.start).map(\.remedy) == [.repaired])
            #expect(try await store.checkOfAllTenants(repairing: false, at: StoreBench.start) == [])
            #expect(try await store.endClosingOfAllTenants(at: StoreBench.after(59.999), limit: 10) == [])
            #expect(try await store.endClosingOfAllTenants(at: StoreBench.after(60), limit: 10) == [id])
        }
    }

    @Test func aPollReadsTheFirstEntriesOfAnIndex() async throws {
        try await TestDatabase.with { database in
            try await database.session { connection in
                // The table is empty here, and nearly empty always.
                try connection.control("SET enable_seqscan = off; SET enable_bitmapscan = off")
                let plan = QueryPlan(
                    try connection.rows("EXPLAIN " + ClosingStatement.due, StoreBench.start, 100) { try $0.next(String.self) })
                #expect(plan.contains("closing_deadlines_due"), "\(plan)")
                #expect(!plan.contains("Sort"), "\(plan)")
            }
        }
    }
}
