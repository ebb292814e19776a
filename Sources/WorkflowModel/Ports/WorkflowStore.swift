/// Everything the service remembers. Each verb is one transaction; when it returns, what it changed is on disk.
///
/// Verbs belong to one tenant, but for those that say `OfAllTenants`: they are the workers' and the operator's.
/// No verb asks for the time or for randomness by itself. All of them throw ``StoreError``; ``commit(_:under:at:)`` and
/// ``rescue(_:with:ifExpiredBy:at:)`` also ``IllegalTransition``, for an event that cannot happen to a task in its state.
public protocol WorkflowStore: AlertStore {
    // MARK: Runs

    /// Writes a planned run with its tasks. What it keeps of another run is copied, so that it stays when that run goes.
    ///
    /// With an idempotency key that was used before for the same request, nothing is written and the first run is returned.
    /// - Throws: ``StoreError/Code/idempotencyMismatch`` when the key was used for another request,
    ///   ``StoreError/Code/unavailable`` when what is to be kept is not there any more.
    func createRun(_ plan: RunPlan, once key: IdempotencyKey?) async throws -> CreatedRun

    /// The run that an idempotency key started, as it was accepted: so that a repeated start needs no plan, and gets its
    /// answer even when the configuration is gone by now.
    /// - Returns: nil when the key has not been used, or no longer counts.
    /// - Throws: ``StoreError/Code/idempotencyMismatch`` when the key was used for another request.
    func acceptedRun(once key: IdempotencyKey, of tenant: Tenant, at now: Timestamp) async throws -> WorkflowRunDetails?

    func runs(matching query: RunQuery) async throws -> RunPage

    /// How many runs match in each hour or day of the list's order, in order of time.
    ///
    /// Steps in which none matches are left out; of more than ``RunCount/mostSteps`` that are left, the newest are returned.
    func runCounts(matching filter: RunFilter, of tenant: Tenant, by step: CountStep) async throws -> [RunCount]

    /// Runs by their ids, in that order; those that the tenant does not have are left out.
    func runs(withIDs ids: [RunID], of tenant: Tenant) async throws -> [WorkflowRun]

    /// The newest runs of each of these configurations, newest first; a configuration without runs is left out.
    /// - Parameter limit: runs of one configuration at most.
    func latestRuns(ofEach configurations: [String], of tenant: Tenant, limit: Int) async throws -> [String: [WorkflowRun]]

    /// The types that the tenant has had runs of, by name.
    /// - Parameter limit: types at most.
    func runTypes(of tenant: Tenant, limit: Int) async throws -> [String]

    /// The runs that did a run over, newest first.
    /// - Parameter limit: runs at most.
    func reruns(of run: RunID, tenant: Tenant, limit: Int) async throws -> [WorkflowRun]

    /// The newest run of a configuration that succeeded, of those that a list has after that place; nil when there is none.
    /// - Parameter place: in the order of creation.
    func lastGoodRun(of configuration: String, tenant: Tenant, after place: RunCursor) async throws -> WorkflowRun?

    /// What the tasks of a run left, in their order; those that left nothing are left out.
    /// - Parameter length: outputs of more bytes are only measured.
    func outputs(of run: RunID, tenant: Tenant, upTo length: Int) async throws -> [TaskOutputs]

    /// - Returns: nil when the tenant has no such run.
    func run(_ id: RunID, of tenant: Tenant) async throws -> WorkflowRunDetails?

    /// Asks a run to stop: what waits is canceled, what a worker holds is stopping. Harmless for a run that is stopping or has ended.
    /// - Returns: the run as it is now; nil when the tenant has no such run.
    func stopRun(_ id: RunID, of tenant: Tenant, at now: Timestamp) async throws -> WorkflowRunDetails?

    /// What a run's tasks that have not ended do or wait for; nil when the tenant has no such run.
    func standing(of id: RunID, tenant: Tenant, at now: Timestamp) async throws -> RunStanding?

    /// The attempts at the tasks of a run, oldest first.
    func attempts(of run: RunID, tenant: Tenant) async throws -> [TaskAttemptRecord]

    /// Adds all runs of a batch or none. Runs whose id is there already are left as they are.
    func importRuns(_ runs: [ImportedRun], into tenant: Tenant) async throws -> ImportOutcome

    /// What a task was given and what it left; nil when the tenant has no such task in that run.
    func values(of task: TaskID, in run: RunID, tenant: Tenant) async throws -> TaskValues?

    // MARK: Work

    /// Claims tasks that are ready and leases them to `worker` until `expiry`. Counts the attempt, raises the fencing token,
    /// and takes the runs up.
    ///
    /// Tenants take turns, whichever worker asks: the next task is one of the tenant whose turn was longest ago among those
    /// that have any ready, and of its tasks the one that has been ready longest. So a tenant's first task waits for one task
    /// of each other tenant at most, however much they have queued. Several tasks are claimed as they would be one by one.
    ///
    /// A task that a limit has no room for is not claimed but waits in the limit's ``LimitQueue``, where no claim looks at it
    /// again, until whatever makes room takes out who has waited longest. Where some had to wait, less may be claimed than
    /// could be, and `.work` is signaled.
    func claimTasksOfAllTenants(limit: Int, worker: String, until expiry: Timestamp, at now: Timestamp) async throws
        -> [ClaimedTask]

    /// When the first task that is not ready yet will be (a retry that waits); nil when there is none.
    func nextReadyTimeOfAllTenants(after now: Timestamp) async throws -> Timestamp?

    /// Renews leases that still hold, and says of each one asked for how it stands.
    func renewLeases(_ leases: [Lease], until expiry: Timestamp) async throws -> [Lease: LeaseStanding]

    /// Applies what happened to a leased task, in this order, and all that follows from it for the other tasks and the run.
    ///
    /// Applying what was applied already changes nothing and is accepted.
    /// - Returns: whether the last of them was accepted; a stale lease changes nothing.
    func commit(_ events: [TaskEvent], under lease: Lease, at now: Timestamp) async throws -> CommitReceipt

    /// Applies the end that somebody else decided on for an attempt whose worker is gone.
    ///
    /// - Parameter expiry: only if the lease has expired by then; nil when the worker is known to be dead.
    func rescue(_ lease: Lease, with event: TaskEvent, ifExpiredBy expiry: Timestamp?, at now: Timestamp) async throws
        -> CommitReceipt

    /// Leases that expired before `now`, longest first.
    func abandonedTasksOfAllTenants(at now: Timestamp, limit: Int) async throws -> [AbandonedTask]

    /// Leases of every worker but `worker`, expired or not: what a service that owns its store alone finds of its former life.
    func leasesOfAllTenants(notHeldBy worker: String) async throws -> [AbandonedTask]

    /// Runs that have passed their `warn_after` and had not been returned by this verb before.
    func newlyOverdueRunsOfAllTenants(at now: Timestamp) async throws -> [OverdueRun]

    /// Adds to what an attempt printed, keeping the last `limit` bytes of all it printed. A stale lease adds nothing.
    func appendOutput(_ chunk: OutputChunk, under lease: Lease, keepingLast limit: Int) async throws

    /// A piece of what an attempt printed.
    /// - Parameters:
    ///   - attempt: nil for the newest one.
    ///   - offset: where to begin, in bytes of all that was printed; what is no longer kept is skipped.
    ///   - limit: bytes at most.
    /// - Returns: nil when the tenant has no such task in that run, or the task no such attempt.
    func output(of task: TaskID, in run: RunID, tenant: Tenant, attempt: Int?, from offset: Int, limit: Int) async throws
        -> OutputSlice?

    /// Tells of changes that somebody may wait for, from this process and, where the store can, from others. Hints only:
    /// whoever listens also looks from time to time.
    func signals() -> AsyncStream<StoreSignal>

    /// Two readings of it that are the same say that nothing in the store has changed between them: it changes before a change can be
    /// seen, and again before the change is acknowledged. So what was read after the first reading is still true at the second.
    ///
    /// nil while a change is being written, and where other processes can make changes too.
    var changeNumber: UInt64? { get }

    // MARK: Configurations

    /// Stores a text as the newest version of its configuration; the text and directory that are current already make no new version.
    func saveConfiguration(_ draft: ConfigurationDraft, at now: Timestamp) async throws -> SavedConfiguration

    /// The current version; nil when the tenant has no such configuration.
    func configuration(_ id: String, of tenant: Tenant) async throws -> ConfigurationVersion?

    /// The current versions of all configurations of a tenant, by id.
    func configurations(of tenant: Tenant) async throws -> [ConfigurationVersion]

    func configurationVersion(_ id: ConfigurationVersionID, of tenant: Tenant) async throws -> ConfigurationVersion?

    /// Removes a configuration. Its versions stay for the runs that were launched with them; runs that go on are not touched.
    /// - Returns: whether there was one.
    func deleteConfiguration(_ id: String, of tenant: Tenant, at now: Timestamp) async throws -> Bool

    // MARK: Schedules

    /// The configurations whose schedules are to be looked at by now, longest first, with what deciding about them takes.
    func dueSchedulesOfAllTenants(at now: Timestamp, limit: Int) async throws -> [ScheduleStanding]

    /// When the schedules of some configuration are to be looked at next; nil when there is none.
    func nextScheduleTimeOfAllTenants() async throws -> Timestamp?

    /// Writes what was decided: the rows of the ticks, the runs of those that started, and how far it has come.
    ///
    /// - Returns: false when somebody else has decided since, or the configuration has changed: nothing was written then.
    /// - Throws: ``StoreError/Code/duplicate`` when a tick has its outcome already.
    func record(_ decision: ScheduleDecision, at now: Timestamp) async throws -> Bool

    /// Starts the run of a tick of the past, unless it has one. The plan says for when (`scheduledFor`).
    func backfill(_ plan: RunPlan, tickOf schedule: String, at now: Timestamp) async throws -> BackfillReceipt

    /// The ticks of a configuration, newest first; also of one that was deleted.
    func ticks(matching query: TickQuery) async throws -> TickPage

    // MARK: Access

    func createKey(_ key: APIKey) async throws
    /// The key with that client id, whatever its tenant; nil when there is none or it was dropped.
    func keyOfAnyTenant(_ id: String) async throws -> APIKey?
    /// The same as it was half a second ago at most, for what every request asks: what another node has changed since may be
    /// missing, never what this one has.
    func recentKeyOfAnyTenant(_ id: String) async throws -> APIKey?
    /// nil for the keys of all tenants. In the order of their making.
    func keysOfAllTenants(only tenant: Tenant?) async throws -> [APIKey]
    /// Gives a key a new secret; the one before is deposed, and all older ones are dead.
    /// - Returns: nil when there is no such key.
    func rotateKeyOfAnyTenant(_ id: String, secretHash: [UInt8], at now: Timestamp) async throws -> APIKey?
    /// Drops a key, or only its deposed secret.
    /// - Returns: whether there was one.
    func dropKeyOfAnyTenant(_ id: String, onlyDeposed: Bool) async throws -> Bool

    /// Keeps when keys were last used. An earlier time than the one that is kept, and an unknown key, change nothing.
    func recordUseOfAnyTenant(_ uses: [String: Timestamp]) async throws

    func settings(of tenant: Tenant) async throws -> TenantSettings
    func saveSettings(_ settings: TenantSettings) async throws
    /// Every tenant that has a key, a run, a configuration or settings, by name.
    func allTenants() async throws -> [TenantSettings]

    /// A secret of the service itself, such as the key that signs tokens. `candidate` becomes it when there is none yet.
    func serviceSecret(_ name: String, orElse candidate: [UInt8]) async throws -> [UInt8]

    // MARK: Retention

    /// How many runs have ended and were created before `cutoff`, by tenant; tenants without any are left out.
    func endedRunsOfAllTenants(createdBefore cutoff: Timestamp) async throws -> [TenantRunCount]

    /// Deletes a few runs that have ended and were created before `cutoff`, with their tasks, attempts, output and idempotency
    /// keys. Types and principals stay: they are few, and configurations name them too.
    ///
    /// A step is small, so that nobody who works with the store meanwhile has to wait long. A run with very much output goes
    /// in several steps, the run itself in the last of them.
    /// - Parameter place: where to go on; nil to begin. What ends behind it meanwhile is left for the next time.
    func deleteEndedRunsOfAllTenants(createdBefore cutoff: Timestamp, from place: RetentionPlace?) async throws -> RetentionStep

    // MARK: Health

    /// Holds everything that is derived (counts, what can be claimed, which runs have ended, indexes) against what it is
    /// derived from. Reads all there is, beside whatever else goes on.
    ///
    /// - Parameter isRepairing: whether to put right what can be. Nothing else is written meanwhile.
    /// - Returns: what is wrong or was; nothing when all is well.
    func checkOfAllTenants(repairing isRepairing: Bool, at now: Timestamp) async throws -> [StoreFinding]

    /// Returns when the store answers.
    func ping() async throws

    /// Waits for what is being written and closes. No other verb may be called afterwards.
    func close() async throws
}

/// Makes a start happen once, however often it is asked for.
public struct IdempotencyKey: Hashable, Sendable {
    /// How long a key is remembered.
    public static let validity = Duration.seconds(86_400)

    /// The API key that it belongs to; another one may use the same text.
    public var owner: String
    public var text: String
    /// SHA-256 of the request.
    public var fingerprint: [UInt8]

    public init(owner: String, text: String, fingerprint: [UInt8]) {
        self.owner = owner
        self.text = text
        self.fingerprint = fingerprint
    }
}

/// A run as it was accepted: scheduled, with no task under way.
public struct CreatedRun: Hashable, Sendable {
    public var details: WorkflowRunDetails
    /// Whether it had been created before, with the same idempotency key.
    public var isReplay: Bool

    public init(details: WorkflowRunDetails, isReplay: Bool) {
        self.details = details
        self.isReplay = isReplay
    }
}

/// What became of a reported event.
public enum CommitReceipt: Hashable, Sendable {
    /// It counts. The task is in that state now: `stopping` tells a worker to end what it just began.
    case accepted(TaskState)
    /// The lease is stale: somebody else has the task, or it has ended in another way.
    case stale
}

/// A configuration on its way into the store, already checked.
public struct ConfigurationDraft: Hashable, Sendable {
    /// The id of the version, should it become one.
    public var version: ConfigurationVersionID
    public var tenant: Tenant
    public var configuration: String
    public var name: String
    public var type: String
    public var source: ConfigurationSource
    /// Whether it says when runs of it start by themselves.
    public var hasSchedules: Bool
    public var author: Principal
    /// Runs of it that go at once; nil for no limit.
    public var concurrency: Int?
    /// Whom it has told of its runs.
    public var alerts: [AlertRoute]

    public init(
        version: ConfigurationVersionID, tenant: Tenant, configuration: String, name: String, type: String,
        source: ConfigurationSource, hasSchedules: Bool = false, author: Principal, concurrency: Int? = nil,
        alerts: [AlertRoute] = []
    ) {
        self.version = version
        self.tenant = tenant
        self.configuration = configuration
        self.name = name
        self.type = type
        self.source = source
        self.hasSchedules = hasSchedules
        self.author = author
        self.concurrency = concurrency
        self.alerts = alerts
    }
}

public struct SavedConfiguration: Hashable, Sendable {
    public enum Change: Hashable, Sendable {
        case created
        case updated
        case unchanged
    }

    public var version: ConfigurationVersion
    public var change: Change

    public init(version: ConfigurationVersion, change: Change) {
        self.version = version
        self.change = change
    }
}

/// Bytes that an attempt printed.
public struct OutputChunk: Hashable, Sendable {
    /// Where they begin, in bytes of all that was printed. What lies between chunks was dropped on the way.
    public var offset: Int
    public var bytes: [UInt8]

    public init(offset: Int, bytes: [UInt8]) {
        self.offset = offset
        self.bytes = bytes
    }
}

/// A piece of what an attempt printed, as it is kept.
public struct OutputSlice: Hashable, Sendable {
    public var attempt: Int
    /// Where the bytes begin: beyond the offset that was asked for when something before them was cut.
    public var offset: Int
    /// Without gaps: ends before one.
    public var bytes: [UInt8]
    /// Whether the attempt is over and nothing follows these bytes.
    public var isLast: Bool

    public init(attempt: Int, offset: Int, bytes: [UInt8], isLast: Bool) {
        self.attempt = attempt
        self.offset = offset
        self.bytes = bytes
        self.isLast = isLast
    }
}

public enum StoreSignal: Hashable, Sendable {
    /// A task has become ready.
    case work
    /// A run with work under way was asked to stop.
    case stop(RunID)
    /// Schedules have changed, or a run ended that one of their ticks waits for.
    case schedules
}

/// Why a store could not do what it was asked to.
public struct StoreError: Error, Sendable {
    public enum Code: Hashable, Sendable {
        /// It cannot be reached, is closed, is busy beyond patience, or cannot write (disk full, read-only).
        case unavailable
        /// Its data is damaged or not a database of ours.
        case damaged
        /// It was written by a newer version of the service.
        case newerThanProgram
        /// Another process owns it.
        case ownedElsewhere
        /// An idempotency key was used for another request.
        case idempotencyMismatch
        /// Something with that id is there already.
        case duplicate
    }

    public var code: Code
    /// One sentence, safe to show to whoever operates the service.
    public var message: String
    /// For the log only.
    public var cause: (any Error)?

    public init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }
}

extension WorkflowStore {
    /// Applies one thing that happened to a leased task.
    public func commit(_ event: TaskEvent, under lease: Lease, at now: Timestamp) async throws -> CommitReceipt {
        try await commit([event], under: lease, at: now)
    }
}
