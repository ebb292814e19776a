import GRDB
import SQLiteTestKit
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import SQLiteStore

@Suite struct LockedDatabaseTests {
    /// A write can wait for the batch before its own first. Both waits together fit into the time of a request.
    @Test func writesFailWithinTheTimeOfARequest() async throws {
        try await withDirectory { directory in
            let store = try SQLiteStore.open(directory: directory)
            var configuration = Configuration()
            configuration.allowsUnsafeTransactions = true
            let other = try DatabaseQueue(path: directory + "/weir.db", configuration: configuration)
            try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
            await withTaskGroup(of: Void.self) { group in
                for limit in 1...2 {
                    group.addTask {
                        let error = await #expect(throws: StoreError.self) {
                            try await store.saveSettings(TenantSettings(tenant: StoreBench.acme, rateLimit: limit))
                        }
                        #expect(error?.code == .unavailable)
                    }
                }
            }
            #expect(2 * OpenedDatabase.patience <= 8)
            // Reads need no lock.
            #expect(try await store.allTenants().isEmpty)
            try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
            try await store.saveSettings(TenantSettings(tenant: StoreBench.acme, rateLimit: 3))
            try other.close()
            try await store.close()
        }
    }
}
