import PostgresStore
import PostgresTestKit
import Testing
import WorkflowModel
import WorkflowTestKit

@Suite struct PostgresStoreContractTests {
    /// No rule scans a table, except the one row of a transfer's progress. That row has no index and is read when a store
    /// opens: without it in the log, the log would not have been parsed.
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
            // Checks of counts, and dropping a month from them, read all counts, which are few.
            #expect(whole.subtracting(["run_hours", "run_day_pairs", "run_days"]) == ["transfer"])
        }
    }
}
