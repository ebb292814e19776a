import WorkflowAPI
import WorkflowModel

/// Administration of a store that this process has open.
struct DirectAdministration: StoreAdministration {
    let store: any WorkflowStore
    /// False for who has opened a data directory for itself, which has one owner at a time.
    var isShared = true
    var time: any TimeSource = SystemTime()
    var random: any RandomSource = SystemRandom()

    func createKey(tenant: Tenant, name: String, policy: AccessPolicy) async throws -> KeyWithSecret {
        let (key, secret) = NewAPIKey.make(tenant: tenant, name: name, policy: policy, at: time.now, random: random)
        try await store.createKey(key)
        return KeyWithSecret(key: KeyDescription(key), secret: secret)
    }

    func keys(of tenant: Tenant?) async throws -> [KeyDescription] {
        try await store.keysOfAllTenants(only: tenant).map(KeyDescription.init)
    }

    func rotateKey(_ id: String) async throws -> KeyWithSecret? {
        let secret = NewAPIKey.makeSecret(random: random)
        let key = try await store.rotateKeyOfAnyTenant(id, secretHash: SecretHash.of(secret), at: time.now)
        return key.map { KeyWithSecret(key: KeyDescription($0), secret: secret) }
    }

    func dropKey(_ id: String, onlyDeposed: Bool) async throws -> Bool {
        try await store.dropKeyOfAnyTenant(id, onlyDeposed: onlyDeposed)
    }

    func tenants() async throws -> [TenantSettings] {
        try await store.allTenants()
    }

    func save(_ settings: TenantSettings) async throws {
        try await store.saveSettings(settings)
    }

    func importBatch(_ batch: ImportBatch, into tenant: Tenant) async throws -> ImportOutcome {
        try await store.importRuns(batch.runs, into: tenant)
    }

    func endedRuns(createdBefore cutoff: Timestamp) async throws -> [TenantRunCount] {
        try await store.endedRunsOfAllTenants(createdBefore: cutoff)
    }

    func deleteEndedRuns(createdBefore cutoff: Timestamp, from place: RetentionPlace?) async throws -> RetentionStep {
        try await store.deleteEndedRunsOfAllTenants(createdBefore: cutoff, from: place)
    }

    func check(repairing isRepairing: Bool) async throws -> [StoreFinding] {
        try await store.checkOfAllTenants(repairing: isRepairing, at: time.now)
    }

    func close() async throws {
        try await store.close()
    }
}
