/// The right of one worker to one attempt at a task, until it expires or is renewed.
///
/// The token only increases: a request with an older token changes nothing, and its worker must end the work that it started.
public struct Lease: Hashable, Sendable {
    public var tenant: Tenant
    public var run: RunID
    public var task: TaskID
    /// Counts from 1; incremented when the task is claimed.
    public var attempt: Int
    /// The fencing token: incremented with every claim of this task.
    public var token: Int64

    public init(tenant: Tenant, run: RunID, task: TaskID, attempt: Int, token: Int64) {
        self.tenant = tenant
        self.run = run
        self.task = task
        self.attempt = attempt
        self.token = token
    }
}

/// The status of a lease when its holder renews it.
public enum LeaseStatus: Hashable, Sendable {
    /// Renewed: go on.
    case held
    /// Renewed, so that the work can shut down gracefully: the run was asked to stop.
    case stopRequested
    /// Another worker has the task, or it has ended: end the work and report nothing.
    case lost
}

/// A task that a worker has claimed, with the data that its execution needs.
public struct ClaimedTask: Hashable, Sendable {
    public var lease: Lease
    public var definitionID: String
    public var version: ConfigurationVersionID
    /// When its run was created.
    public var runCreatedAt: Timestamp
    public var runMode: RunMode
    public var range: TimeWindow?
    /// The nominal time of a scheduled run; nil otherwise.
    public var scheduledFor: Timestamp?
    /// Those of the run.
    public var parameters: RunParameters
    /// The outputs of the tasks that this one needs, by definition id.
    public var inputs: [String: JSONText]
    /// The outcome of the run until now, for a closing task; nil for other tasks.
    public var soFar: RunSoFar?
    /// The item that it runs for; nil for a task that runs once.
    public var item: TaskItem?
    /// The attempt that the worker goes on with; nil for an attempt that begins.
    public var resumed: ResumedAttempt?

    public init(
        lease: Lease, definitionID: String, version: ConfigurationVersionID, runCreatedAt: Timestamp, runMode: RunMode,
        range: TimeWindow? = nil,
        scheduledFor: Timestamp? = nil, parameters: RunParameters = RunParameters(), inputs: [String: JSONText] = [:],
        soFar: RunSoFar? = nil, resumed: ResumedAttempt? = nil, item: TaskItem? = nil
    ) {
        self.lease = lease
        self.definitionID = definitionID
        self.version = version
        self.runCreatedAt = runCreatedAt
        self.runMode = runMode
        self.range = range
        self.scheduledFor = scheduledFor
        self.parameters = parameters
        self.inputs = inputs
        self.soFar = soFar
        self.resumed = resumed
        self.item = item
    }
}

/// One of the items for which a task runs.
public struct TaskItem: Hashable, Sendable {
    /// From 0.
    public var index: Int
    public var value: JSONText

    public init(index: Int, value: JSONText) {
        self.index = index
        self.value = value
    }
}

/// A task under a lease, with the data that a decision about another attempt needs.
public struct LeasedTask: Hashable, Sendable {
    public var lease: Lease
    public var definitionID: String
    public var version: ConfigurationVersionID
    public var worker: String

    public init(lease: Lease, definitionID: String, version: ConfigurationVersionID, worker: String) {
        self.lease = lease
        self.definitionID = definitionID
        self.version = version
        self.worker = worker
    }
}
