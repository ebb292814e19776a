package import WorkflowModel

/// The administration of a store: of one that this process has open, or through the service that owns it.
package protocol StoreAdministration: ReceiverAdministration {
    /// Creates a key. Its secret is shown once and stored nowhere.
    func createKey(tenant: Tenant, name: String, policy: AccessPolicy) async throws -> KeyWithSecret
    /// The keys of a tenant, or with nil of all tenants, oldest first.
    func keys(of tenant: Tenant?) async throws -> [KeyDescription]
    /// Gives a key a new secret. The caller shows the secret first: a secret that is stored first can be lost before it is shown.
    /// - Returns: nil when the key is not found.
    func rotateKey(_ id: String, to secret: String) async throws -> KeyDescription?
    /// Drops a key, or only its previous secret.
    /// - Returns: false when it is not found.
    func dropKey(_ id: String, onlyPreviousSecret: Bool) async throws -> Bool

    func tenants() async throws -> [TenantSettings]
    func save(_ settings: TenantSettings) async throws

    /// Imports all runs of a batch or none. Runs that exist already are not changed.
    func importBatch(_ batch: ImportBatch, into tenant: Tenant) async throws -> ImportOutcome

    /// The runs that retention would delete, by tenant.
    func endedRuns(createdBefore cutoff: Timestamp) async throws -> [TenantRunCount]
    /// Deletes the runs of one step of retention.
    /// - Parameter isCounting: whether the runs are added to the statistics.
    func deleteEndedRuns(
        createdBefore cutoff: Timestamp, from place: RetentionPlace?, addingToStatistics isCounting: Bool
    ) async throws -> RetentionStep
    /// How many statistics are of days that begin before `day`.
    func statistics(before day: Timestamp) async throws -> Int
    /// Deletes some of them.
    /// - Returns: how many were deleted; 0 when none is left.
    func deleteStatistics(before day: Timestamp) async throws -> Int

    /// How many events of the audit log retention would delete.
    func auditEventCount(happenedBefore cutoff: Timestamp) async throws -> Int
    /// Deletes the events of one step of retention.
    /// - Returns: how many; 0 when none is left.
    func deleteAuditEvents(happenedBefore cutoff: Timestamp) async throws -> Int
    /// Verifies the audit log; see `checkAuditOfAllTenants` of the store.
    func checkAudit() async throws -> [StoreFinding]

    /// Verifies derived data against the runs; see `checkOfAllTenants` of the store.
    func check(repairing isRepairing: Bool) async throws -> [StoreFinding]

    /// Encrypts all secrets under another key; see ``SecretVault/rekey()``.
    func rekeySecrets() async throws -> RekeyReport

    /// Whether other programs can use the store at the same time.
    var isShared: Bool { get }

    /// Called last.
    func close() async throws
}

/// A key without anything secret.
package struct KeyDescription: Hashable, Sendable {
    package var id: String
    package var tenant: Tenant
    package var name: String
    package var policy: AccessPolicy
    package var createdAt: Timestamp
    /// The last rotation of the secret; nil when no previous secret is valid.
    package var rotatedAt: Timestamp?

    package init(
        id: String, tenant: Tenant, name: String, policy: AccessPolicy, createdAt: Timestamp, rotatedAt: Timestamp? = nil
    ) {
        self.id = id
        self.tenant = tenant
        self.name = name
        self.policy = policy
        self.createdAt = createdAt
        self.rotatedAt = rotatedAt
    }
}

extension KeyDescription {
    init(_ key: APIKey) {
        self.init(
            id: key.id, tenant: key.tenant, name: key.name, policy: key.policy, createdAt: key.createdAt, rotatedAt: key.rotatedAt)
    }
}

/// A new key, or a key after a rotation, with its secret.
package struct KeyWithSecret: Hashable, Sendable {
    package var key: KeyDescription
    package var secret: String

    package init(key: KeyDescription, secret: String) {
        self.key = key
        self.secret = secret
    }
}
