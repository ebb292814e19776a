/// Executes attempts at tasks.
public protocol TaskRunner: Sendable {
    /// Executes one attempt and returns how it ended, or that it waits for work outside. Then a later call goes on with it:
    /// ``TaskAttempt/resumed``.
    ///
    /// Cancelling the surrounding task stops the work: SIGTERM, a grace period, then SIGKILL for commands. Returns only after all
    /// processes of the attempt have ended.
    func run(_ attempt: TaskAttempt, reporting report: any TaskReport) async -> TaskOutcome

    /// Cancels the work outside that an attempt waited for, because the run was stopped or the attempt's timeout is over. Best effort,
    /// within a few seconds; its result is printed.
    func cancelOutside(_ attempt: TaskAttempt, reporting report: any TaskReport) async

    /// Kills a cancelled attempt whose grace period is over. Returns before its processes have ended; ``run`` returns when they
    /// have.
    func endAtOnce(_ task: TaskID, attempt: Int)

    /// Whether the system has the resources to start a few attempts now. While it has not, no task is claimed. Never waits.
    var canStart: Bool { get }

    /// Kills the processes that an earlier process of this service on this machine left running for these tasks, without grace.
    /// Returns when they have ended.
    func endLeftovers(of tasks: Set<TaskID>) async

    /// Kills the processes that dead processes of the service left running on this machine, without grace. Processes of a living
    /// service process, even a stopped one, are left alone.
    func endOrphans() async
}

extension TaskRunner {
    public var canStart: Bool { true }

    /// For a runner whose attempts never wait for work outside.
    public func cancelOutside(_ attempt: TaskAttempt, reporting report: any TaskReport) async {}
}

/// Receives the reports of a runner during an attempt.
public protocol TaskReport: Sendable {
    /// The command or call is executing. Reported once, even when called again; work that ends at once reports it when it ends.
    func began() async
    /// Output of the work, in order. Never waits: the receiver drops what exceeds its limit.
    func printed(_ bytes: [UInt8], to stream: TaskStream)
    /// The work succeeded and its outputs are being read and recorded. Only called when it has outputs.
    func recording() async
    /// The work was ended on request, and nothing of it is left. Reported once, before ``TaskRunner/run(_:reporting:)`` returns
    /// ``TaskOutcome/stopped``; not for work that never began.
    func wasEnded(_ ending: TaskEnding) async
}

extension TaskReport {
    public func wasEnded(_ ending: TaskEnding) async {}

    /// Output of work that has only one stream.
    public func printed(_ bytes: [UInt8]) { printed(bytes, to: .stdout) }
}

/// The input of a runner for one attempt.
public struct TaskAttempt: Hashable, Sendable {
    public var tenant: Tenant
    public var run: RunID
    public var task: TaskID
    /// Counts from 1.
    public var number: Int
    public var configuration: String
    public var definition: TaskDefinition
    /// The working directory of its command; nil for a directory of the service.
    public var directory: String?
    public var runMode: RunMode
    public var range: TimeWindow?
    /// The nominal time of a scheduled run; nil otherwise.
    public var scheduledFor: Timestamp?
    /// Those of the run.
    public var parameters: RunParameters
    /// The outputs of the tasks that this one needs, by definition id.
    public var inputs: [String: JSONText]
    /// The outcome of the run until the claim, for a closing task; nil for other tasks.
    public var soFar: RunSoFar?
    /// The item that the task runs for; nil for a task that runs once.
    public var item: TaskItem?
    /// Masks the secrets in ``definition``. A runner masks output before it cuts or passes on any of it, because a part of a secret is
    /// not found any longer.
    public var mask: SecretMask
    /// The wait that the attempt goes on after; nil for an attempt that begins.
    public var resumed: ResumedAttempt?

    public init(
        tenant: Tenant, run: RunID, task: TaskID, number: Int, configuration: String, definition: TaskDefinition,
        directory: String? = nil, runMode: RunMode, range: TimeWindow? = nil, scheduledFor: Timestamp? = nil,
        parameters: RunParameters = RunParameters(), inputs: [String: JSONText] = [:], soFar: RunSoFar? = nil,
        item: TaskItem? = nil, mask: SecretMask = .none, resumed: ResumedAttempt? = nil
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
        self.parameters = parameters
        self.inputs = inputs
        self.soFar = soFar
        self.item = item
        self.mask = mask
        self.resumed = resumed
    }
}
