import WorkflowModel

/// A store with a word to say before each verb: it can wait there, or fail.
struct InterceptedStore: WorkflowStore {
    let store: any WorkflowStore
    /// Is given the name of the verb.
    let before: @Sendable (_ verb: String) async throws -> Void

    func createRun(_ plan: RunPlan, once key: IdempotencyKey?) async throws -> CreatedRun {
        try await before("createRun")
        return try await store.createRun(plan, once: key)
    }

    func acceptedRun(once key: IdempotencyKey, of tenant: Tenant, at now: Timestamp) async throws -> WorkflowRunDetails? {
        try await before("acceptedRun")
        return try await store.acceptedRun(once: key, of: tenant, at: now)
    }

    func runs(matching query: RunQuery) async throws -> RunPage {
        try await before("runs")
        return try await store.runs(matching: query)
    }

    func runCounts(matching filter: RunFilter, of tenant: Tenant, by step: CountStep) async throws -> [RunCount] {
        try await before("runCounts")
        return try await store.runCounts(matching: filter, of: tenant, by: step)
    }

    func runs(withIDs ids: [RunID], of tenant: Tenant) async throws -> [WorkflowRun] {
        try await before("runsWithIDs")
        return try await store.runs(withIDs: ids, of: tenant)
    }

    func latestRuns(ofEach configurations: [String], of tenant: Tenant, limit: Int) async throws -> [String: [WorkflowRun]] {
        try await before("latestRuns")
        return try await store.latestRuns(ofEach: configurations, of: tenant, limit: limit)
    }

    func runTypes(of tenant: Tenant, limit: Int) async throws -> [String] {
        try await before("runTypes")
        return try await store.runTypes(of: tenant, limit: limit)
    }

    func reruns(of run: RunID, tenant: Tenant, limit: Int) async throws -> [WorkflowRun] {
        try await before("reruns")
        return try await store.reruns(of: run, tenant: tenant, limit: limit)
    }

    func lastGoodRun(of configuration: String, tenant: Tenant, after place: RunCursor) async throws -> WorkflowRun? {
        try await before("lastGoodRun")
        return try await store.lastGoodRun(of: configuration, tenant: tenant, after: place)
    }

    func outputs(of run: RunID, tenant: Tenant, upTo length: Int) async throws -> [TaskOutputs] {
        try await before("outputs")
        return try await store.outputs(of: run, tenant: tenant, upTo: length)
    }

    func run(_ id: RunID, of tenant: Tenant) async throws -> WorkflowRunDetails? {
        try await before("run")
        return try await store.run(id, of: tenant)
    }

    func stopRun(_ id: RunID, of tenant: Tenant, at now: Timestamp) async throws -> WorkflowRunDetails? {
        try await before("stopRun")
        return try await store.stopRun(id, of: tenant, at: now)
    }

    func standing(of id: RunID, tenant: Tenant, at now: Timestamp) async throws -> RunStanding? {
        try await before("standing")
        return try await store.standing(of: id, tenant: tenant, at: now)
    }

    func attempts(of run: RunID, tenant: Tenant) async throws -> [TaskAttemptRecord] {
        try await before("attempts")
        return try await store.attempts(of: run, tenant: tenant)
    }

    func values(of task: TaskID, in run: RunID, tenant: Tenant) async throws -> TaskValues? {
        try await before("values")
        return try await store.values(of: task, in: run, tenant: tenant)
    }

    func importRuns(_ runs: [ImportedRun], into tenant: Tenant) async throws -> ImportOutcome {
        try await before("importRuns")
        return try await store.importRuns(runs, into: tenant)
    }

    func claimTasksOfAllTenants(limit: Int, worker: String, until expiry: Timestamp, at now: Timestamp) async throws
        -> [ClaimedTask]
    {
        try await before("claimTasksOfAllTenants")
        return try await store.claimTasksOfAllTenants(limit: limit, worker: worker, until: expiry, at: now)
    }

    func nextReadyTimeOfAllTenants(after now: Timestamp) async throws -> Timestamp? {
        try await before("nextReadyTimeOfAllTenants")
        return try await store.nextReadyTimeOfAllTenants(after: now)
    }

    func renewLeases(_ leases: [Lease], until expiry: Timestamp) async throws -> [Lease: LeaseStanding] {
        try await before("renewLeases")
        return try await store.renewLeases(leases, until: expiry)
    }

    func commit(_ events: [TaskEvent], under lease: Lease, at now: Timestamp) async throws -> CommitReceipt {
        try await before("commit")
        return try await store.commit(events, under: lease, at: now)
    }

    func rescue(_ lease: Lease, with event: TaskEvent, ifExpiredBy expiry: Timestamp?, at now: Timestamp) async throws
        -> CommitReceipt
    {
        try await before("rescue")
        return try await store.rescue(lease, with: event, ifExpiredBy: expiry, at: now)
    }

    func abandonedTasksOfAllTenants(at now: Timestamp, limit: Int) async throws -> [AbandonedTask] {
        try await before("abandonedTasksOfAllTenants")
        return try await store.abandonedTasksOfAllTenants(at: now, limit: limit)
    }

    func leasesOfAllTenants(notHeldBy worker: String) async throws -> [AbandonedTask] {
        try await before("leasesOfAllTenants")
        return try await store.leasesOfAllTenants(notHeldBy: worker)
    }

    func newlyOverdueRunsOfAllTenants(at now: Timestamp) async throws -> [OverdueRun] {
        try await before("newlyOverdueRunsOfAllTenants")
        return try await store.newlyOverdueRunsOfAllTenants(at: now)
    }

    func appendOutput(_ chunk: OutputChunk, under lease: Lease, keepingLast limit: Int) async throws {
        try await before("appendOutput")
        try await store.appendOutput(chunk, under: lease, keepingLast: limit)
    }

    func output(of task: TaskID, in run: RunID, tenant: Tenant, attempt: Int?, from offset: Int, limit: Int) async throws
        -> OutputSlice?
    {
        try await before("output")
        return try await store.output(of: task, in: run, tenant: tenant, attempt: attempt, from: offset, limit: limit)
    }

    func dueSchedulesOfAllTenants(at now: Timestamp, limit: Int) async throws -> [ScheduleStanding] {
        try await store.dueSchedulesOfAllTenants(at: now, limit: limit)
    }

    func nextScheduleTimeOfAllTenants() async throws -> Timestamp? { try await store.nextScheduleTimeOfAllTenants() }

    func record(_ decision: ScheduleDecision, at now: Timestamp) async throws -> Bool {
        try await store.record(decision, at: now)
    }

    func backfill(_ plan: RunPlan, tickOf schedule: String, at now: Timestamp) async throws -> BackfillReceipt {
        try await before("backfill")
        return try await store.backfill(plan, tickOf: schedule, at: now)
    }

    func ticks(matching query: TickQuery) async throws -> TickPage {
        try await before("ticks")
        return try await store.ticks(matching: query)
    }

    func signals() -> AsyncStream<StoreSignal> { store.signals() }

    var changeNumber: UInt64? { store.changeNumber }

    func saveConfiguration(_ draft: ConfigurationDraft, at now: Timestamp) async throws -> SavedConfiguration {
        try await before("saveConfiguration")
        return try await store.saveConfiguration(draft, at: now)
    }

    func configuration(_ id: String, of tenant: Tenant) async throws -> ConfigurationVersion? {
        try await before("configuration")
        return try await store.configuration(id, of: tenant)
    }

    func configurations(of tenant: Tenant) async throws -> [ConfigurationVersion] {
        try await before("configurations")
        return try await store.configurations(of: tenant)
    }

    func configurationVersion(_ id: ConfigurationVersionID, of tenant: Tenant) async throws -> ConfigurationVersion? {
        try await before("configurationVersion")
        return try await store.configurationVersion(id, of: tenant)
    }

    func deleteConfiguration(_ id: String, of tenant: Tenant, at now: Timestamp) async throws -> Bool {
        try await before("deleteConfiguration")
        return try await store.deleteConfiguration(id, of: tenant, at: now)
    }

    func createKey(_ key: APIKey) async throws {
        try await before("createKey")
        try await store.createKey(key)
    }

    func keyOfAnyTenant(_ id: String) async throws -> APIKey? {
        try await before("keyOfAnyTenant")
        return try await store.keyOfAnyTenant(id)
    }

    func recentKeyOfAnyTenant(_ id: String) async throws -> APIKey? {
        try await before("recentKeyOfAnyTenant")
        return try await store.recentKeyOfAnyTenant(id)
    }

    func keysOfAllTenants(only tenant: Tenant?) async throws -> [APIKey] {
        try await before("keysOfAllTenants")
        return try await store.keysOfAllTenants(only: tenant)
    }

    func rotateKeyOfAnyTenant(_ id: String, secretHash: [UInt8], at now: Timestamp) async throws -> APIKey? {
        try await before("rotateKeyOfAnyTenant")
        return try await store.rotateKeyOfAnyTenant(id, secretHash: secretHash, at: now)
    }

    func dropKeyOfAnyTenant(_ id: String, onlyDeposed: Bool) async throws -> Bool {
        try await before("dropKeyOfAnyTenant")
        return try await store.dropKeyOfAnyTenant(id, onlyDeposed: onlyDeposed)
    }

    func recordUseOfAnyTenant(_ uses: [String: Timestamp]) async throws {
        try await before("recordUse")
        try await store.recordUseOfAnyTenant(uses)
    }

    func settings(of tenant: Tenant) async throws -> TenantSettings {
        try await before("settings")
        return try await store.settings(of: tenant)
    }

    func saveSettings(_ settings: TenantSettings) async throws {
        try await before("saveSettings")
        try await store.saveSettings(settings)
    }

    func allTenants() async throws -> [TenantSettings] {
        try await before("allTenants")
        return try await store.allTenants()
    }

    func serviceSecret(_ name: String, orElse candidate: [UInt8]) async throws -> [UInt8] {
        try await before("serviceSecret")
        return try await store.serviceSecret(name, orElse: candidate)
    }

    func endedRunsOfAllTenants(createdBefore cutoff: Timestamp) async throws -> [TenantRunCount] {
        try await before("endedRunsOfAllTenants")
        return try await store.endedRunsOfAllTenants(createdBefore: cutoff)
    }

    func deleteEndedRunsOfAllTenants(
        createdBefore cutoff: Timestamp, from place: RetentionPlace?
    ) async throws -> RetentionStep {
        try await before("deleteEndedRunsOfAllTenants")
        return try await store.deleteEndedRunsOfAllTenants(createdBefore: cutoff, from: place)
    }

    func checkOfAllTenants(repairing isRepairing: Bool, at now: Timestamp) async throws -> [StoreFinding] {
        try await before("checkOfAllTenants")
        return try await store.checkOfAllTenants(repairing: isRepairing, at: now)
    }

    func ping() async throws {
        try await before("ping")
        try await store.ping()
    }

    func close() async throws {
        try await before("close")
        try await store.close()
    }
}
