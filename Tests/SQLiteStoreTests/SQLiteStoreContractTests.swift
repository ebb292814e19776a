import SQLiteStore
import SQLiteTestKit
import Testing
import WorkflowModel
import WorkflowTestKit

@Suite struct SQLiteStoreContractTests {
    @Test("The store keeps the contract", arguments: StoreContract.rules)
    func keeps(_ rule: StoreContract.Rule) async throws {
        try await withDirectory { directory in
            let store = try SQLiteStore.open(directory: directory)
            try await rule.check(store)
            try await store.close()
        }
    }
}
