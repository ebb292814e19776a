/// Executes attempts at tasks.
public protocol TaskRunner: Sendable {
    /// Executes one attempt and returns how it ended.
    ///
    /// Cancelling the surrounding task stops the work: TERM, a grace period, then KILL for commands. Whatever the outcome,
    /// this returns only when nothing of the work is left.
    func run(_ attempt: TaskAttempt, reporting report: any TaskReport) async -> TaskOutcome

    /// Ends whatever a former process of this service on this machine left running for these tasks, at once and without grace.
    /// Returns when nothing of it is left.
    func endLeftovers(of tasks: Set<TaskID>) async

    /// Ends whatever processes of the service that are gone left running on this machine, at once and without grace: nobody
    /// waits for any of it. What a living one started, even one that stands still, is its own to end.
    func endOrphans() async
}

/// What a runner tells while it executes an attempt.
public protocol TaskReport: Sendable {
    /// The command or call is executing. Told once, even when it is called again; of work that is over at once, when it is over.
    func began() async
    /// Bytes that the work printed, in their order. Never waits: what is too much to keep is dropped by the receiver.
    func printed(_ bytes: [UInt8])
    /// It ended well and its outputs are being read and recorded. Only called where it left some.
    func recording() async
}

/// What a runner needs to know to execute one attempt.
public struct TaskAttempt: Hashable, Sendable {
    public var tenant: Tenant
    public var run: RunID
    public var task: TaskID
    /// Counts from 1.
    public var number: Int
    public var configuration: String
    public var definition: TaskDefinition
    /// Where its command runs; nil for a directory of the service's own.
    public var directory: String?
    public var runMode: RunMode
    public var range: TimeWindow?
    /// The nominal time of the run, when it is for a tick of a schedule.
    public var scheduledFor: Timestamp?
    /// What the tasks that this one needs left, by their definition ids.
    public var inputs: [String: JSONText]

    public init(
        tenant: Tenant, run: RunID, task: TaskID, number: Int, configuration: String, definition: TaskDefinition,
        directory: String? = nil, runMode: RunMode, range: TimeWindow? = nil, scheduledFor: Timestamp? = nil,
        inputs: [String: JSONText] = [:]
    ) {
        self.tenant = tenant
        self.run = run
        self.task = task
        self.number = number
        self.configuration = configuration
        self.definition = definition
        self.directory = directory
        self.runMode = runMode
        self.range = range
        self.scheduledFor = scheduledFor
        self.inputs = inputs
    }
}
