import PostgresClusterKit
import Synchronization

/// The cluster that all tests of a process share, started by the first that wants it.
enum SharedCluster {
    /// Tests that have a database at the same time: more would only wait for each other inside the server.
    static let slots = Slots(12)

    private static let cluster = Task { try await PostgresCluster.another() }
    private static let databases = Atomic(0)

    static func started() async throws -> PostgresCluster {
        try await cluster.value
    }

    /// A number that no other database of it has.
    static func nextNumber() -> Int {
        databases.add(1, ordering: .relaxed).newValue
    }
}
