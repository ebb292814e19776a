import WorkflowAPI
package import WorkflowModel

/// The roles of a store that administration needs.
package typealias AdministeredStore = KeyStore & TenantStore & SecretStore & AlertStore & AuditLog & MaintenanceStore
    & StoreConnection

/// Administration of a store that this process has open.
package struct DirectAdministration: StoreAdministration {
    let store: any AdministeredStore
    let lookup: any AddressLookup
    private let secrets: SecretVault
    package let isShared: Bool
    let time: any TimeSource
    let random: any RandomSource

    /// - Parameters:
    ///   - lookup: resolves the hosts of alert receivers.
    ///   - secrets: nil for a command without the key of the secrets.
    ///   - isShared: false for a command that opened a data directory itself, because a directory has one owner at a time.
    package init(
        store: any AdministeredStore, lookup: any AddressLookup, secrets: SecretVault? = nil, isShared: Bool = true,
        time: any TimeSource = SystemTime(), random: any RandomSource = SystemRandom()
    ) {
        self.secrets = secrets ?? SecretVault(store: store, file: nil, time: time, random: random)
        self.store = store
        self.lookup = lookup
        self.isShared = isShared
        self.time = time
        self.random = random
    }

    package func createKey(tenant: Tenant, name: String, policy: AccessPolicy) async throws -> KeyWithSecret {
        let (key, secret) = NewAPIKey.make(tenant: tenant, name: name, policy: policy, at: time.now, random: random)
        try await store.createKey(key)
        return KeyWithSecret(key: KeyDescription(key), secret: secret)
    }

    package func keys(of tenant: Tenant?) async throws -> [KeyDescription] {
        try await store.keys(of: tenant).map(KeyDescription.init)
    }

    package func rotateKey(_ id: String, to secret: String) async throws -> KeyDescription? {
        try await store.rotateKey(id, secretHash: SecretHash.of(secret), at: time.now).map(KeyDescription.init)
    }

    package func dropKey(_ id: String, onlyPreviousSecret: Bool) async throws -> Bool {
        try await store.deleteKey(id, onlyPreviousSecret: onlyPreviousSecret)
    }

    package func tenants() async throws -> [TenantSettings] {
        try await store.allTenants()
    }

    package func save(_ settings: TenantSettings) async throws {
        try await store.saveSettings(settings)
    }

    package func importBatch(_ batch: ImportBatch, into tenant: Tenant) async throws -> ImportOutcome {
        try await store.importRuns(batch.runs, into: tenant)
    }

    package func endedRuns(createdBefore cutoff: Timestamp) async throws -> [TenantRunCount] {
        try await store.endedRunsOfAllTenants(createdBefore: cutoff)
    }

    package func deleteEndedRuns(
        createdBefore cutoff: Timestamp, from place: RetentionPlace?, addingToStatistics isCounting: Bool
    ) async throws -> RetentionStep {
        if place == nil { try await recordRetention(createdBefore: cutoff) }
        return try await store.deleteEndedRunsOfAllTenants(createdBefore: cutoff, from: place, addingToStatistics: isCounting)
    }

    package func statistics(before day: Timestamp) async throws -> Int {
        try await store.statisticsOfAllTenants(before: day)
    }

    package func deleteStatistics(before day: Timestamp) async throws -> Int {
        try await store.deleteStatisticsOfAllTenants(before: day)
    }

    /// Retention takes many transactions. Its event is written before the first of them, in the log of each tenant that loses runs.
    private func recordRetention(createdBefore cutoff: Timestamp) async throws {
        guard let actor = AuditActor.current else { return }
        let counts = try await store.endedRunsOfAllTenants(createdBefore: cutoff)
        try await store.append(
            counts.map { count in
                let name = "\(count.runs) \(count.runs == 1 ? "run" : "runs")"
                return actor.event(
                    .retentionStarted, AuditObject("before \(cutoff.iso8601)", name: name), of: count.tenant)
            })
    }

    package func auditEventCount(happenedBefore cutoff: Timestamp) async throws -> Int {
        try await store.auditEventCountOfAllTenants(happenedBefore: cutoff)
    }

    package func deleteAuditEvents(happenedBefore cutoff: Timestamp) async throws -> Int {
        try await store.deleteAuditEventsOfAllTenants(happenedBefore: cutoff)
    }

    package func checkAudit() async throws -> [StoreFinding] {
        try await store.checkAuditOfAllTenants()
    }

    package func check(repairing isRepairing: Bool) async throws -> [StoreFinding] {
        let findings = try await store.checkOfAllTenants(repairing: isRepairing, at: time.now)
        return try await secrets.file == nil ? findings : findings + secrets.findings()
    }

    package func rekeySecrets() async throws -> RekeyReport {
        try await secrets.rekey()
    }

    package func close() async throws {
        try await store.close()
    }
}
