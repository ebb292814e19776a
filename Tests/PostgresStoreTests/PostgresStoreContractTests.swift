import PostgresStore
import PostgresTestKit
import Testing
import WorkflowModel
import WorkflowTestKit

@Suite struct PostgresStoreContractTests {
    /// Nothing that a rule has the store do reads a table as a whole, but for the one row that a move keeps of itself. That one
    /// has no index to be read by, and is looked at when a store opens: were it missing, the log would not have been understood.
    @Test("The store keeps the contract, and walks its indexes", arguments: StoreContract.rules)
    func keeps(_ rule: StoreContract.Rule) async throws {
        try await TestDatabase.with { database in
            let plans = try await LoggedPlans(of: database)
            let store = try await database.openStore()
            do {
                try await rule.check(store)
            } catch {
                try? await store.close()
                throw error
            }
            try await store.close()
            let whole = try plans.tablesReadWhole()
            // Who checks the counts, and who takes a month out of them, reads all of them, which are few.
            #expect(whole.subtracting(["run_hours", "run_day_pairs", "run_days"]) == ["transfer"])
        }
    }
}
