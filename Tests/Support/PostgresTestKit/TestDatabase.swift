public import Logging
public import PostgresClusterKit
public import PostgresStore
public import WorkflowModel
public import WorkflowTestKit

/// A database of one test, with Weir's schema.
public struct TestDatabase: Sendable {
    public var cluster: PostgresCluster
    public var name: String

    public var url: String { cluster.url(name) }

    public func address() throws -> DatabaseAddress { try DatabaseAddress(url) }

    /// The schema, with partitions for the months in which most tests create runs.
    private static let template = Task {
        let cluster = try await SharedCluster.started()
        let template = TestDatabase(cluster: cluster, name: "weir_template")
        try await cluster.sql("CREATE DATABASE \(template.name)")
        try await template.openStore().close()
        return template
    }

    /// Runs a body with its own database, a copy of the template, and drops it.
    public static func with<Value>(_ body: (TestDatabase) async throws -> Value) async throws -> Value {
        let template = try await Self.template.value
        return try await with(copyOf: template.name, body)
    }

    /// Runs a body with an empty database, without a schema.
    public static func withEmpty<Value>(_ body: (TestDatabase) async throws -> Value) async throws -> Value {
        try await with(copyOf: "template0", body)
    }

    private static func with<Value>(
        copyOf template: String, _ body: (TestDatabase) async throws -> Value
    ) async throws -> Value {
        let cluster = try await SharedCluster.started()
        await SharedCluster.slots.take()
        defer { SharedCluster.slots.giveBack() }
        let database = TestDatabase(cluster: cluster, name: "test_\(SharedCluster.nextNumber())")
        try await cluster.sql("CREATE DATABASE \(database.name) TEMPLATE \(template)")
        let value: Value
        do {
            value = try await body(database)
        } catch {
            try? await database.drop()
            throw error
        }
        try await database.drop()
        return value
    }

    private func drop() async throws {
        try await cluster.sql("DROP DATABASE IF EXISTS \(name) WITH (FORCE)")
    }

    @discardableResult
    public func sql(_ statements: String) async throws -> String {
        try await cluster.sql("SET search_path = weir; \(statements)", in: name)
    }

    /// Opens a store in the database. Its clock is that of the bench.
    public func openStore(
        at address: DatabaseAddress? = nil, replicas: [DatabaseAddress] = [],
        settings: PostgresSettings = .forTests,
        time: any TimeSource = TestClock(now: StoreBench.start),
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    ) async throws -> PostgresStore {
        try await PostgresStore.open(
            try address ?? self.address(), replicas: replicas, settings: settings, time: time, random: SystemRandom(),
            logger: logger)
    }

    /// A database in the test's own cluster; it is removed with the cluster.
    public static func made(
        in cluster: PostgresCluster, named name: String = "weir", copyOf template: String = "template1"
    ) async throws -> TestDatabase {
        try await cluster.sql("CREATE DATABASE \(name) TEMPLATE \(template)")
        return TestDatabase(cluster: cluster, name: name)
    }

    /// Runs a body with a store in its own database.
    public static func withStore<Value>(_ body: (PostgresStore) async throws -> Value) async throws -> Value {
        try await with { database in
            let store = try await database.openStore()
            let value: Value
            do {
                value = try await body(store)
            } catch {
                try? await store.close()
                throw error
            }
            try await store.close()
            return value
        }
    }
}

extension PostgresSettings {
    /// Counts are folded on request only, and no look-up is given up on a slow machine.
    public static let forTests = PostgresSettings(connections: 4, foldInterval: nil, lookUpTime: .seconds(60))
}
