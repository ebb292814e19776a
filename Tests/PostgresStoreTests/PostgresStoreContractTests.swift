import PostgresTestKit
import Testing
import WorkflowModel
import WorkflowTestKit

@Suite struct PostgresStoreContractTests {
    @Test("The store keeps the contract", arguments: StoreContract.rules)
    func keeps(_ rule: StoreContract.Rule) async throws {
        try await TestDatabase.withStore { try await rule.check($0) }
    }
}
