/// The right of one worker to one attempt at a task, until it expires or is renewed.
///
/// The token only grows: what names an older one changes nothing, and whoever holds it must end what it started.
public struct Lease: Hashable, Sendable {
    public var tenant: Tenant
    public var run: RunID
    public var task: TaskID
    /// Counts from 1; counted when the task is claimed.
    public var attempt: Int
    /// The fencing token: one more with every claim of this task.
    public var token: Int64

    public init(tenant: Tenant, run: RunID, task: TaskID, attempt: Int, token: Int64) {
        self.tenant = tenant
        self.run = run
        self.task = task
        self.attempt = attempt
        self.token = token
    }
}

/// How a lease stands when its holder asks for more time.
public enum LeaseStanding: Hashable, Sendable {
    /// Renewed: go on.
    case held
    /// Renewed, so that the work can be ended in order: the run was asked to stop.
    case stopRequested
    /// Somebody else has the task, or it has ended: end the work, report nothing.
    case lost
}

/// A task that a worker has claimed, with what it takes to execute it.
public struct ClaimedTask: Hashable, Sendable {
    public var lease: Lease
    public var definitionID: String
    public var version: ConfigurationVersionID
    public var runMode: RunMode
    public var range: TimeWindow?
    /// The nominal time of the run, when it is for a tick of a schedule.
    public var scheduledFor: Timestamp?
    /// What the tasks that this one needs left, by their definition ids.
    public var inputs: [String: JSONText]

    public init(
        lease: Lease, definitionID: String, version: ConfigurationVersionID, runMode: RunMode, range: TimeWindow? = nil,
        scheduledFor: Timestamp? = nil, inputs: [String: JSONText] = [:]
    ) {
        self.lease = lease
        self.definitionID = definitionID
        self.version = version
        self.runMode = runMode
        self.range = range
        self.scheduledFor = scheduledFor
        self.inputs = inputs
    }
}

/// A lease whose holder has not renewed it in time, with what deciding about another attempt takes.
public struct AbandonedTask: Hashable, Sendable {
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
