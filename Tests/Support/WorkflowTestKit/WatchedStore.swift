import Synchronization
public import WorkflowModel

/// The roles of a store that engines, schedulers and alert senders use. Tests can await calls and make them fail.
///
/// Several of these over one store stand for several processes with their own connections.
public final class WatchedStore: WorkStore, ScheduleStore, ConfigurationStore, AlertOutbox {
    /// Methods that can be made to fail.
    public enum Method: Hashable, Sendable {
        case claim, nextReady, renew, commit, endLostAttempt, expiredLeases, formerLeases, overdue, appendOutput, outputs,
            endClosing, configurationVersion
        case dueSchedules, record, claimAlerts, reportAlert
    }

    public enum Fault: Sendable {
        /// The call has no effect and throws.
        case refuse(StoreError.Code)
        /// The call takes effect, but its answer is lost.
        case loseAnswer
        /// The call has no effect, and hangs until ``WatchedStore/release()``; then it throws.
        case hang
        /// The call takes effect, but its answer arrives with ``WatchedStore/release()``.
        case answerLate
    }

    /// A report that reached the store, and the receipt of its last event.
    public struct Commit: Sendable {
        public var event: TaskEvent
        public var lease: Lease
        public var receipt: CommitReceipt
    }

    public struct Record: Sendable {
        /// Calls that have returned, including failed ones.
        public var calls: [Method: Int] = [:]
        /// Calls in progress.
        public var inProgress: [Method: Int] = [:]
        public var commits: [Commit] = []
        /// The number of calls that have returned.
        public var changes = 0
    }

    private struct Faults: Sendable {
        var next: [Method: [Fault]] = [:]
        var isCutOff = false
    }

    public let store: any WorkflowStore
    private let isMute: Bool
    private let record = Watched(Record())
    private let faults = Mutex(Faults())
    private let releases = Watched(0)

    /// - Parameter isMute: whether signals are lost.
    public init(_ store: any WorkflowStore, isMute: Bool = false) {
        self.store = store
        self.isMute = isMute
    }

    public var calls: [Method: Int] { record.value.calls }
    public var commits: [Commit] { record.value.commits }

    /// Makes the next calls of a method fail, one fault each.
    public func fail(_ method: Method, with faults: [Fault]) {
        self.faults.withLock { $0.next[method, default: []] += faults }
    }

    /// Releases all hanging calls.
    public func release() {
        releases.change { $0 += 1 }
    }

    /// From now on every call fails, as if the process had died.
    public func cutOff() {
        faults.withLock { $0.isCutOff = true }
    }

    /// Returns when the calls meet the condition.
    public func until(_ isMet: @escaping @Sendable (Record) -> Bool) async {
        await record.until(isMet)
    }

    /// Returns when the stored data meets the condition, which is checked after every call.
    public func untilStored(_ isMet: (any WorkflowStore) async throws -> Bool) async throws {
        while true {
            let seen = record.value.changes
            if try await isMet(store) { return }
            await record.until { $0.changes > seen }
            try Task.checkCancellation()
        }
    }

    private func call<Answer: Sendable>(_ method: Method, _ body: () async throws -> Answer) async throws -> Answer {
        let (fault, isCutOff) = faults.withLock { faults -> (Fault?, Bool) in
            guard let next = faults.next[method]?.first else { return (nil, faults.isCutOff) }
            faults.next[method]?.removeFirst()
            return (next, faults.isCutOff)
        }
        record.change { $0.inProgress[method, default: 0] += 1 }
        defer {
            record.change { record in
                record.inProgress[method, default: 0] -= 1
                record.calls[method, default: 0] += 1
                record.changes += 1
            }
        }
        if isCutOff { throw StoreError(.damaged, "The test has cut off the store.") }
        switch fault {
        case .refuse(let code)?: throw StoreError(code, "The test makes this call fail.")
        case .loseAnswer?:
            _ = try await body()
            throw StoreError(.unavailable, "The test loses this answer.")
        case .hang?:
            await hang()
            throw StoreError(.unavailable, "The test makes this call hang.")
        case .answerLate?:
            let answer = try await body()
            await hang()
            return answer
        case nil: return try await body()
        }
    }

    private func hang() async {
        let before = releases.value
        await releases.until { $0 > before }
    }

    public func signals() -> AsyncStream<StoreSignal> {
        isMute ? AsyncStream { $0.finish() } : store.signals()
    }
}

extension WatchedStore {
    public func claimTasksOfAllTenants(_ claim: TaskClaim, at now: Timestamp) async throws -> [ClaimedTask] {
        try await call(.claim) { try await store.claimTasksOfAllTenants(claim, at: now) }
    }

    public func nextReadyTimeOfAllTenants(after now: Timestamp) async throws -> Timestamp? {
        try await call(.nextReady) { try await store.nextReadyTimeOfAllTenants(after: now) }
    }

    public func outputs(ofTasks definitionIDs: Set<String>, for lease: Lease) async throws -> [String: JSONText] {
        try await call(.outputs) { try await store.outputs(ofTasks: definitionIDs, for: lease) }
    }

    public func renewLeases(_ leases: [Lease], until expiry: Timestamp) async throws -> [Lease: LeaseStatus] {
        try await call(.renew) { try await store.renewLeases(leases, until: expiry) }
    }

    public func commit(_ events: [TaskEvent], under lease: Lease, at now: Timestamp) async throws -> CommitReceipt {
        try await call(.commit) {
            let receipt = try await store.commit(events, under: lease, at: now)
            record.change { $0.commits += events.map { Commit(event: $0, lease: lease, receipt: receipt) } }
            return receipt
        }
    }

    public func endLostAttempt(_ lost: LostAttempt, at now: Timestamp) async throws -> CommitReceipt {
        try await call(.endLostAttempt) { try await store.endLostAttempt(lost, at: now) }
    }

    public func expiredLeasesOfAllTenants(at now: Timestamp, limit: Int) async throws -> [LeasedTask] {
        try await call(.expiredLeases) { try await store.expiredLeasesOfAllTenants(at: now, limit: limit) }
    }

    public func leasesOfAllTenants(notHeldBy worker: String) async throws -> [LeasedTask] {
        try await call(.formerLeases) { try await store.leasesOfAllTenants(notHeldBy: worker) }
    }

    public func newlyOverdueRunsOfAllTenants(at now: Timestamp) async throws -> [OverdueRun] {
        try await call(.overdue) { try await store.newlyOverdueRunsOfAllTenants(at: now) }
    }

    public func endClosingOfAllTenants(at now: Timestamp, limit: Int) async throws -> [RunID] {
        try await call(.endClosing) { try await store.endClosingOfAllTenants(at: now, limit: limit) }
    }

    public func record(_ ending: TaskEnding, under lease: Lease) async throws {
        try await store.record(ending, under: lease)
    }

    public func appendOutput(_ chunk: OutputChunk, under lease: Lease, keepingLast limit: Int) async throws {
        try await call(.appendOutput) { try await store.appendOutput(chunk, under: lease, keepingLast: limit) }
    }

    public func configurationVersion(_ id: ConfigurationVersionID, of tenant: Tenant) async throws -> ConfigurationVersion? {
        try await call(.configurationVersion) { try await store.configurationVersion(id, of: tenant) }
    }

    public func versions(
        of configuration: String, tenant: Tenant, upTo last: Int?, limit: Int, withTexts: Bool
    ) async throws -> [ConfigurationVersion] {
        try await store.versions(of: configuration, tenant: tenant, upTo: last, limit: limit, withTexts: withTexts)
    }

    public func dueSchedulesOfAllTenants(at now: Timestamp, limit: Int) async throws -> [ScheduleProgress] {
        try await call(.dueSchedules) { try await store.dueSchedulesOfAllTenants(at: now, limit: limit) }
    }

    public func record(_ decision: ScheduleDecision, at now: Timestamp) async throws -> Bool {
        try await call(.record) { try await store.record(decision, at: now) }
    }

    public func claimAlertsOfAllTenants(limit: Int, until expiry: Timestamp, at now: Timestamp) async throws -> [ClaimedAlert] {
        try await call(.claimAlerts) { try await store.claimAlertsOfAllTenants(limit: limit, until: expiry, at: now) }
    }

    public func report(_ outcome: AlertOutcome, of claimed: ClaimedAlert, at now: Timestamp) async throws {
        try await call(.reportAlert) { try await store.report(outcome, of: claimed, at: now) }
    }
}

/// Methods that no test observes.
extension WatchedStore {
    public func nextScheduleTimeOfAllTenants() async throws -> Timestamp? {
        try await store.nextScheduleTimeOfAllTenants()
    }

    public func backfill(
        _ plan: RunPlan, tickOf schedule: String, replacing former: RunID?, at now: Timestamp
    ) async throws -> BackfillReceipt {
        try await store.backfill(plan, tickOf: schedule, replacing: former, at: now)
    }

    public func ticks(matching query: TickQuery) async throws -> TickPage { try await store.ticks(matching: query) }

    public func saveConfiguration(_ draft: ConfigurationDraft, at now: Timestamp) async throws -> SavedConfiguration {
        try await store.saveConfiguration(draft, at: now)
    }

    public func configuration(_ id: String, of tenant: Tenant) async throws -> ConfigurationVersion? {
        try await store.configuration(id, of: tenant)
    }

    public func configurations(of tenant: Tenant) async throws -> [ConfigurationVersion] {
        try await store.configurations(of: tenant)
    }

    public func deleteConfiguration(_ id: String, of tenant: Tenant, at now: Timestamp) async throws -> Bool {
        try await store.deleteConfiguration(id, of: tenant, at: now)
    }
}
