import Synchronization
public import WorkflowModel

/// A store that a test sees through: it waits for what changes, and has verbs fail.
///
/// Several of these over one store are several processes, each with its own way to it.
public final class WatchedStore: WorkflowStore {
    /// The verbs of the workers, which can be made to fail.
    public enum Verb: Hashable, Sendable {
        case claim, nextReady, renew, commit, rescue, abandoned, formerLeases, overdue, appendOutput, configurationVersion
        case dueSchedules, record
    }

    public enum Fault: Sendable {
        /// Nothing happens, and an error says so.
        case refuse(StoreError.Code)
        /// It happens, but the answer is lost.
        case loseAnswer
    }

    /// A report that reached the store, and the answer to the last one that came with it.
    public struct Commit: Sendable {
        public var event: TaskEvent
        public var lease: Lease
        public var receipt: CommitReceipt
    }

    public struct Record: Sendable {
        /// Calls that are through, failed ones included.
        public var calls: [Verb: Int] = [:]
        /// Calls that are not through yet.
        public var underWay: [Verb: Int] = [:]
        public var commits: [Commit] = []
        /// Counts every change that this store has let through.
        public var changes = 0
    }

    private struct Faults: Sendable {
        var next: [Verb: [Fault]] = [:]
        var isCutOff = false
    }

    public let store: any WorkflowStore
    private let isMute: Bool
    private let record = Watched(Record())
    private let faults = Mutex(Faults())

    /// - Parameter isMute: whether its signals are lost.
    public init(_ store: any WorkflowStore, isMute: Bool = false) {
        self.store = store
        self.isMute = isMute
    }

    public var calls: [Verb: Int] { record.value.calls }
    public var commits: [Commit] { record.value.commits }

    /// Has the next calls of a verb fail, one after the other.
    public func fail(_ verb: Verb, with faults: [Fault]) {
        self.faults.withLock { $0.next[verb, default: []] += faults }
    }

    /// From now on nothing gets through: whoever works through this store is as good as dead.
    public func cutOff() {
        faults.withLock { $0.isCutOff = true }
    }

    /// Returns when what has been called is as it should be.
    public func until(_ isMet: @escaping @Sendable (Record) -> Bool) async {
        await record.until(isMet)
    }

    /// Returns when what the store holds is as it should be; asks after every change that went through here.
    public func untilStored(_ isMet: (any WorkflowStore) async throws -> Bool) async throws {
        while true {
            let seen = record.value.changes
            if try await isMet(store) { return }
            await record.until { $0.changes > seen }
            try Task.checkCancellation()
        }
    }

    func changing<Answer: Sendable>(_ verb: () async throws -> Answer) async throws -> Answer {
        let answer = try await verb()
        record.change { $0.changes += 1 }
        return answer
    }

    private func call<Answer: Sendable>(_ verb: Verb, _ body: () async throws -> Answer) async throws -> Answer {
        let (fault, isCutOff) = faults.withLock { faults -> (Fault?, Bool) in
            guard let next = faults.next[verb]?.first else { return (nil, faults.isCutOff) }
            faults.next[verb]?.removeFirst()
            return (next, faults.isCutOff)
        }
        record.change { $0.underWay[verb, default: 0] += 1 }
        defer {
            record.change { record in
                record.underWay[verb, default: 0] -= 1
                record.calls[verb, default: 0] += 1
                record.changes += 1
            }
        }
        if isCutOff { throw StoreError(.damaged, "The store was cut off by the test.") }
        switch fault {
        case .refuse(let code)?: throw StoreError(code, "The store refuses, as the test wants it.")
        case .loseAnswer?:
            _ = try await body()
            throw StoreError(.unavailable, "The answer was lost, as the test wants it.")
        case nil: return try await body()
        }
    }

    public func signals() -> AsyncStream<StoreSignal> {
        isMute ? AsyncStream { $0.finish() } : store.signals()
    }

    /// Other processes may make changes.
    public var changeNumber: UInt64? { nil }
}

extension WatchedStore {
    public func claimTasksOfAllTenants(limit: Int, worker: String, until expiry: Timestamp, at now: Timestamp) async throws
        -> [ClaimedTask]
    {
        try await call(.claim) {
            try await store.claimTasksOfAllTenants(limit: limit, worker: worker, until: expiry, at: now)
        }
    }

    public func nextReadyTimeOfAllTenants(after now: Timestamp) async throws -> Timestamp? {
        try await call(.nextReady) { try await store.nextReadyTimeOfAllTenants(after: now) }
    }

    public func renewLeases(_ leases: [Lease], until expiry: Timestamp) async throws -> [Lease: LeaseStanding] {
        try await call(.renew) { try await store.renewLeases(leases, until: expiry) }
    }

    public func commit(_ events: [TaskEvent], under lease: Lease, at now: Timestamp) async throws -> CommitReceipt {
        try await call(.commit) {
            let receipt = try await store.commit(events, under: lease, at: now)
            record.change { $0.commits += events.map { Commit(event: $0, lease: lease, receipt: receipt) } }
            return receipt
        }
    }

    public func rescue(
        _ lease: Lease, with event: TaskEvent, ifExpiredBy expiry: Timestamp?, at now: Timestamp
    ) async throws -> CommitReceipt {
        try await call(.rescue) { try await store.rescue(lease, with: event, ifExpiredBy: expiry, at: now) }
    }

    public func abandonedTasksOfAllTenants(at now: Timestamp, limit: Int) async throws -> [AbandonedTask] {
        try await call(.abandoned) { try await store.abandonedTasksOfAllTenants(at: now, limit: limit) }
    }

    public func leasesOfAllTenants(notHeldBy worker: String) async throws -> [AbandonedTask] {
        try await call(.formerLeases) { try await store.leasesOfAllTenants(notHeldBy: worker) }
    }

    public func newlyOverdueRunsOfAllTenants(at now: Timestamp) async throws -> [OverdueRun] {
        try await call(.overdue) { try await store.newlyOverdueRunsOfAllTenants(at: now) }
    }

    public func appendOutput(_ chunk: OutputChunk, under lease: Lease, keepingLast limit: Int) async throws {
        try await call(.appendOutput) { try await store.appendOutput(chunk, under: lease, keepingLast: limit) }
    }

    public func configurationVersion(_ id: ConfigurationVersionID, of tenant: Tenant) async throws -> ConfigurationVersion? {
        try await call(.configurationVersion) { try await store.configurationVersion(id, of: tenant) }
    }

    public func dueSchedulesOfAllTenants(at now: Timestamp, limit: Int) async throws -> [ScheduleStanding] {
        try await call(.dueSchedules) { try await store.dueSchedulesOfAllTenants(at: now, limit: limit) }
    }

    public func record(_ decision: ScheduleDecision, at now: Timestamp) async throws -> Bool {
        try await call(.record) { try await store.record(decision, at: now) }
    }
}
