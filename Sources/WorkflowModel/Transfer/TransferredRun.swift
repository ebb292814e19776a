/// A run with everything that a store remembers of it but for what its tasks printed, which may be much.
public struct TransferredRun: Hashable, Sendable {
    public var run: WorkflowRun
    /// nil in imported history, as the run mode is.
    public var configuration: String?
    public var launchedVersion: ConfigurationVersionID?
    /// What imported history says was current.
    public var importedVersion: ConfigurationVersionID?
    public var runMode: RunMode?
    public var range: TimeWindow?
    public var scheduledFor: Timestamp?
    public var schedule: String?
    public var rerunOf: RunID?
    public var warnAfter: Duration?
    /// When a warning is due; nil when there is none, or it was given.
    public var warnAt: Timestamp?
    /// In their order.
    public var tasks: [TransferredTask]

    public init(
        run: WorkflowRun, configuration: String?, launchedVersion: ConfigurationVersionID?,
        importedVersion: ConfigurationVersionID?, runMode: RunMode?, range: TimeWindow?, scheduledFor: Timestamp? = nil,
        schedule: String? = nil, rerunOf: RunID? = nil, warnAfter: Duration?, warnAt: Timestamp?,
        tasks: [TransferredTask] = []
    ) {
        self.run = run
        self.configuration = configuration
        self.launchedVersion = launchedVersion
        self.importedVersion = importedVersion
        self.runMode = runMode
        self.range = range
        self.scheduledFor = scheduledFor
        self.schedule = schedule
        self.rerunOf = rerunOf
        self.warnAfter = warnAfter
        self.warnAt = warnAt
        self.tasks = tasks
    }
}

/// A task with what workers go by, and the attempts at it.
public struct TransferredTask: Hashable, Sendable {
    public var instance: TaskInstance
    /// The ids of definitions that it needs.
    public var needs: [String]
    /// Units of its tenant's resources, by name.
    public var uses: [String: Int]
    public var readyAt: Timestamp?
    public var token: Int
    /// Who holds it, and until when; nil when nobody does.
    public var holder: TaskHolder?
    public var outputs: JSONText?
    public var attempts: [TransferredAttempt]

    public init(
        instance: TaskInstance, needs: [String], uses: [String: Int] = [:], readyAt: Timestamp?, token: Int, holder: TaskHolder?,
        outputs: JSONText?,
        attempts: [TransferredAttempt] = []
    ) {
        self.instance = instance
        self.needs = needs
        self.uses = uses
        self.readyAt = readyAt
        self.token = token
        self.holder = holder
        self.outputs = outputs
        self.attempts = attempts
    }
}

/// The worker that holds a task.
public struct TaskHolder: Hashable, Sendable {
    public var worker: String
    public var leaseExpiresAt: Timestamp

    public init(worker: String, leaseExpiresAt: Timestamp) {
        self.worker = worker
        self.leaseExpiresAt = leaseExpiresAt
    }
}

public struct TransferredAttempt: Hashable, Sendable {
    public var number: Int
    public var startedAt: Timestamp
    public var endedAt: Timestamp?
    public var outcome: TaskState?
    public var error: RunError?
    /// The bytes that are kept of all that it printed.
    public var output: Range<Int>

    public init(
        number: Int, startedAt: Timestamp, endedAt: Timestamp?, outcome: TaskState?, error: RunError?, output: Range<Int>
    ) {
        self.number = number
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.outcome = outcome
        self.error = error
        self.output = output
    }
}
