import PostgresClusterKit
import Synchronization

/// The cluster shared by all tests of a process, started by the first test that needs it.
enum SharedCluster {
    /// Limits the concurrent tests: more would only wait for each other inside the server.
    static let slots = Slots(12)

    private static let cluster = Task { try await PostgresCluster.another() }
    private static let databases = Atomic(0)

    static func started() async throws -> PostgresCluster {
        try await cluster.value
    }

    /// A unique number for a database of the cluster.
    static func nextNumber() -> Int {
        databases.add(1, ordering: .relaxed).newValue
    }
}
