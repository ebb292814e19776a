import WorkflowModel

/// What an operator does with a store: by opening it, or by asking the service that owns it.
protocol StoreAdministration: ReceiverAdministration {
    /// Makes a key. Its secret is shown once and kept nowhere.
    func createKey(tenant: Tenant, name: String, policy: AccessPolicy) async throws -> KeyWithSecret
    /// In the order of their making; nil for those of all tenants.
    func keys(of tenant: Tenant?) async throws -> [KeyDescription]
    /// Gives a key a new secret; nil when there is no such key.
    func rotateKey(_ id: String) async throws -> KeyWithSecret?
    /// Drops a key, or only its deposed secret.
    /// - Returns: whether there was one.
    func dropKey(_ id: String, onlyDeposed: Bool) async throws -> Bool

    func tenants() async throws -> [TenantSettings]
    func save(_ settings: TenantSettings) async throws

    /// Adds all runs of a batch or none; those that are there already are left as they are.
    func importBatch(_ batch: ImportBatch, into tenant: Tenant) async throws -> ImportOutcome

    /// What retention would delete, by tenant.
    func endedRuns(createdBefore cutoff: Timestamp) async throws -> [TenantRunCount]
    /// A step of retention.
    func deleteEndedRuns(createdBefore cutoff: Timestamp, from place: RetentionPlace?) async throws -> RetentionStep

    /// Holds what is derived against what it is derived from; see `WorkflowStore.checkOfAllTenants`.
    func check(repairing isRepairing: Bool) async throws -> [StoreFinding]

    /// Whether others can work with the store meanwhile.
    var isShared: Bool { get }

    /// To be called last.
    func close() async throws
}

/// A key without anything secret.
struct KeyDescription: Hashable, Sendable {
    var id: String
    var tenant: Tenant
    var name: String
    var policy: AccessPolicy
    var createdAt: Timestamp
    /// When the secret before this one was deposed; nil when there is none that still counts.
    var deposedAt: Timestamp?
}

extension KeyDescription {
    init(_ key: APIKey) {
        self.init(
            id: key.id, tenant: key.tenant, name: key.name, policy: key.policy, createdAt: key.createdAt, deposedAt: key.deposedAt)
    }
}

/// A key at the one moment at which its secret is known.
struct KeyWithSecret: Hashable, Sendable {
    var key: KeyDescription
    var secret: String
}
