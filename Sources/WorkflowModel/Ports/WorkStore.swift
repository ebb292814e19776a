/// The queue of tasks: workers claim tasks from it under leases, renew the leases, and commit what happened.
///
/// ``commit(_:under:at:)`` and ``endLostAttempt(_:at:)`` also throw ``IllegalTransition``, for an event that cannot
/// happen to a task in its state.
public protocol WorkStore: SignalSource {
    /// Claims ready tasks and leases them to a worker. Counts the attempt, raises the fencing token, and starts
    /// the runs.
    ///
    /// Tenants take turns, whichever worker claims: the next task belongs to the tenant with a ready task whose turn was longest
    /// ago, and is the one of its tasks that has been ready longest. So a tenant's first task waits for at most one task of each
    /// other tenant, however many they have queued. Several tasks are claimed as they would be one by one.
    ///
    /// A task that does not fit into a concurrency limit is not claimed. It waits in the limit's ``LimitQueue``, which no claim
    /// looks at again, until a slot becomes free for the longest-waiting task. When tasks had to wait, fewer may be claimed than
    /// could be, and `.work` is signaled.
    func claimTasksOfAllTenants(_ claim: TaskClaim, at now: Timestamp) async throws -> [ClaimedTask]

    /// When the first task that is not ready yet becomes ready (a waiting retry); nil when there is none.
    func nextReadyTimeOfAllTenants(after now: Timestamp) async throws -> Timestamp?

    /// Outputs of tasks in the run of a lease, for the values that its task names.
    /// - Parameter definitionIDs: of tasks that have ended. Those without outputs are left out.
    func outputs(ofTasks definitionIDs: Set<String>, for lease: Lease) async throws -> [String: JSONText]

    /// Renews leases that still hold, and returns the status of each requested lease.
    func renewLeases(_ leases: [Lease], until expiry: Timestamp) async throws -> [Lease: LeaseStatus]

    /// Applies the events of a leased task in this order, and everything that follows for the other tasks and the run.
    ///
    /// Applying the same events again changes nothing and is accepted.
    /// - Returns: whether the last event was accepted; a stale lease changes nothing.
    func commit(_ events: [TaskEvent], under lease: Lease, at now: Timestamp) async throws -> CommitReceipt

    /// Ends an attempt whose worker is lost, unless the lease is stale or still holds.
    func endLostAttempt(_ lost: LostAttempt, at now: Timestamp) async throws -> CommitReceipt

    /// Leases that expired before `now`, longest first.
    func expiredLeasesOfAllTenants(at now: Timestamp, limit: Int) async throws -> [LeasedTask]

    /// Leases of every worker but `worker`, expired or not. A service that owns its store alone finds the leases of its previous
    /// process this way.
    func leasesOfAllTenants(notHeldBy worker: String) async throws -> [LeasedTask]

    /// Runs that have passed their `warn_after` and were not returned by this method before.
    func newlyOverdueRunsOfAllTenants(at now: Timestamp) async throws -> [OverdueRun]

    /// Ends the time of closing tasks in stopped runs whose ``WorkflowConfiguration/afterStop`` has passed: waiting ones are canceled,
    /// workers learn that running ones are to be stopped. Without such runs, it reads one entry of an index.
    ///
    /// - Parameter limit: runs at most, those that are due longest first. Each is changed in a transaction of its own.
    /// - Returns: the runs that were changed.
    func endClosingOfAllTenants(at now: Timestamp, limit: Int) async throws -> [RunID]

    /// Adds to the output of an attempt, keeping the last `limit` bytes of the whole output. A stale lease adds nothing.
    func appendOutput(_ chunk: OutputChunk, under lease: Lease, keepingLast limit: Int) async throws

    /// Records how an attempt was ended after a stop request, before its outcome is committed. A stale lease records nothing.
    func record(_ ending: TaskEnding, under lease: Lease) async throws
}

extension WorkStore {
    /// Applies one event of a leased task.
    public func commit(_ event: TaskEvent, under lease: Lease, at now: Timestamp) async throws -> CommitReceipt {
        try await commit([event], under: lease, at: now)
    }
}

/// A worker's request for tasks.
public struct TaskClaim: Hashable, Sendable {
    /// Tasks at most.
    public var limit: Int
    public var worker: String
    /// When the leases expire.
    public var expiry: Timestamp

    public init(limit: Int, worker: String, until expiry: Timestamp) {
        self.limit = limit
        self.worker = worker
        self.expiry = expiry
    }
}

/// The end that was decided for an attempt whose worker is lost.
public struct LostAttempt: Hashable, Sendable {
    public var lease: Lease
    public var event: TaskEvent
    /// Ends the attempt only if its lease has expired by then; nil when the worker is known to be dead.
    public var expiry: Timestamp?

    public init(_ lease: Lease, with event: TaskEvent, ifExpiredBy expiry: Timestamp?) {
        self.lease = lease
        self.event = event
        self.expiry = expiry
    }
}

/// The answer to a committed event.
public enum CommitReceipt: Hashable, Sendable {
    /// The event counts and the task is in that state now. `stopping` tells a worker to end the work it just began.
    case accepted(TaskState)
    /// The lease is stale: another worker has the task, or the task has ended in another way.
    case stale
}
