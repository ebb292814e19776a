import PostgresTestKit
import Testing
import WorkflowTestKit

@Suite struct RequestBucketsTests {
    @Test("Buckets that nodes share keep the contract", arguments: RequestBucketsContract.rules)
    func keeps(_ rule: RequestBucketsContract.Rule) async throws {
        try await TestDatabase.withStore { try await rule.check($0) }
    }
}
