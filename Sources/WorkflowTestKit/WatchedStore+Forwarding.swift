public import WorkflowModel

/// What only passes through.
extension WatchedStore {
    public func createRun(_ plan: RunPlan, once key: IdempotencyKey?) async throws -> CreatedRun {
        try await changing { try await store.createRun(plan, once: key) }
    }

    public func acceptedRun(once key: IdempotencyKey, of tenant: Tenant, at now: Timestamp) async throws -> WorkflowRunDetails? {
        try await store.acceptedRun(once: key, of: tenant, at: now)
    }

    public func runs(matching query: RunQuery) async throws -> RunPage {
        try await store.runs(matching: query)
    }

    public func runCounts(matching filter: RunFilter, of tenant: Tenant, by step: CountStep) async throws -> [RunCount] {
        try await store.runCounts(matching: filter, of: tenant, by: step)
    }

    public func runs(withIDs ids: [RunID], of tenant: Tenant) async throws -> [WorkflowRun] {
        try await store.runs(withIDs: ids, of: tenant)
    }

    public func latestRuns(ofEach configurations: [String], of tenant: Tenant, limit: Int) async throws -> [String: [WorkflowRun]] {
        try await store.latestRuns(ofEach: configurations, of: tenant, limit: limit)
    }

    public func runTypes(of tenant: Tenant, limit: Int) async throws -> [String] {
        try await store.runTypes(of: tenant, limit: limit)
    }

    public func reruns(of run: RunID, tenant: Tenant, limit: Int) async throws -> [WorkflowRun] {
        try await store.reruns(of: run, tenant: tenant, limit: limit)
    }

    public func lastGoodRun(of configuration: String, tenant: Tenant, after place: RunCursor) async throws -> WorkflowRun? {
        try await store.lastGoodRun(of: configuration, tenant: tenant, after: place)
    }

    public func outputs(of run: RunID, tenant: Tenant, upTo length: Int) async throws -> [TaskOutputs] {
        try await store.outputs(of: run, tenant: tenant, upTo: length)
    }

    public func run(_ id: RunID, of tenant: Tenant) async throws -> WorkflowRunDetails? {
        try await store.run(id, of: tenant)
    }

    public func stopRun(_ id: RunID, of tenant: Tenant, at now: Timestamp) async throws -> WorkflowRunDetails? {
        try await changing { try await store.stopRun(id, of: tenant, at: now) }
    }

    public func standing(of id: RunID, tenant: Tenant, at now: Timestamp) async throws -> RunStanding? {
        try await store.standing(of: id, tenant: tenant, at: now)
    }

    public func attempts(of run: RunID, tenant: Tenant) async throws -> [TaskAttemptRecord] {
        try await store.attempts(of: run, tenant: tenant)
    }

    public func values(of task: TaskID, in run: RunID, tenant: Tenant) async throws -> TaskValues? {
        try await store.values(of: task, in: run, tenant: tenant)
    }

    public func importRuns(_ runs: [ImportedRun], into tenant: Tenant) async throws -> ImportOutcome {
        try await changing { try await store.importRuns(runs, into: tenant) }
    }

    public func output(
        of task: TaskID, in run: RunID, tenant: Tenant, attempt: Int?, from offset: Int, limit: Int
    ) async throws -> OutputSlice? {
        try await store.output(of: task, in: run, tenant: tenant, attempt: attempt, from: offset, limit: limit)
    }

    public func saveConfiguration(_ draft: ConfigurationDraft, at now: Timestamp) async throws -> SavedConfiguration {
        try await changing { try await store.saveConfiguration(draft, at: now) }
    }

    public func configuration(_ id: String, of tenant: Tenant) async throws -> ConfigurationVersion? {
        try await store.configuration(id, of: tenant)
    }

    public func configurations(of tenant: Tenant) async throws -> [ConfigurationVersion] {
        try await store.configurations(of: tenant)
    }

    public func deleteConfiguration(_ id: String, of tenant: Tenant, at now: Timestamp) async throws -> Bool {
        try await changing { try await store.deleteConfiguration(id, of: tenant, at: now) }
    }

    public func nextScheduleTimeOfAllTenants() async throws -> Timestamp? {
        try await store.nextScheduleTimeOfAllTenants()
    }

    public func backfill(_ plan: RunPlan, tickOf schedule: String, at now: Timestamp) async throws -> BackfillReceipt {
        try await changing { try await store.backfill(plan, tickOf: schedule, at: now) }
    }

    public func ticks(matching query: TickQuery) async throws -> TickPage {
        try await store.ticks(matching: query)
    }

    public func createKey(_ key: APIKey) async throws {
        try await changing { try await store.createKey(key) }
    }

    public func keyOfAnyTenant(_ id: String) async throws -> APIKey? {
        try await store.keyOfAnyTenant(id)
    }

    public func recentKeyOfAnyTenant(_ id: String) async throws -> APIKey? {
        try await store.recentKeyOfAnyTenant(id)
    }

    public func keysOfAllTenants(only tenant: Tenant?) async throws -> [APIKey] {
        try await store.keysOfAllTenants(only: tenant)
    }

    public func rotateKeyOfAnyTenant(_ id: String, secretHash: [UInt8], at now: Timestamp) async throws -> APIKey? {
        try await changing { try await store.rotateKeyOfAnyTenant(id, secretHash: secretHash, at: now) }
    }

    public func dropKeyOfAnyTenant(_ id: String, onlyDeposed: Bool) async throws -> Bool {
        try await changing { try await store.dropKeyOfAnyTenant(id, onlyDeposed: onlyDeposed) }
    }

    public func recordUseOfAnyTenant(_ uses: [String: Timestamp]) async throws {
        try await changing { try await store.recordUseOfAnyTenant(uses) }
    }

    public func settings(of tenant: Tenant) async throws -> TenantSettings {
        try await store.settings(of: tenant)
    }

    public func saveSettings(_ settings: TenantSettings) async throws {
        try await changing { try await store.saveSettings(settings) }
    }

    public func allTenants() async throws -> [TenantSettings] {
        try await store.allTenants()
    }

    public func serviceSecret(_ name: String, orElse candidate: [UInt8]) async throws -> [UInt8] {
        try await store.serviceSecret(name, orElse: candidate)
    }

    public func endedRunsOfAllTenants(createdBefore cutoff: Timestamp) async throws -> [TenantRunCount] {
        try await store.endedRunsOfAllTenants(createdBefore: cutoff)
    }

    public func deleteEndedRunsOfAllTenants(
        createdBefore cutoff: Timestamp, from place: RetentionPlace?
    ) async throws -> RetentionStep {
        try await changing { try await store.deleteEndedRunsOfAllTenants(createdBefore: cutoff, from: place) }
    }

    public func checkOfAllTenants(repairing isRepairing: Bool, at now: Timestamp) async throws -> [StoreFinding] {
        try await changing { try await store.checkOfAllTenants(repairing: isRepairing, at: now) }
    }

    public func ping() async throws {
        try await store.ping()
    }

    public func close() async throws {
        try await store.close()
    }
}
