/// A run with everything that a store keeps of it, except the output of its tasks, which can be large.
public struct TransferredRun: Hashable, Sendable {
    public var run: WorkflowRun
    /// Whether it is imported history.
    public var isImported: Bool
    public var launchedVersion: ConfigurationVersionID?
    /// The current version according to imported history.
    public var importedVersion: ConfigurationVersionID?
    public var stop: RunStop?
    public var warnAfter: Duration?
    /// When an overdue alert is due; nil when there is none, or it was raised.
    public var warnAt: Timestamp?
    /// How long closing tasks may run after a stop; nil in a run without closing tasks.
    public var afterStop: Duration?
    /// When its closing tasks are to be stopped; nil when nothing is due.
    public var closingUntil: Timestamp?
    /// The task that started it and waits for it; nil for other runs.
    public var calledBy: RunCaller?
    /// In the order of the tasks.
    public var tasks: [TransferredTask]
    /// In the order in which they were written.
    public var notes: [RunNote]
    /// In the order in which they were made.
    public var resolutions: [RunResolution]
    /// By receiver.
    public var subscriptions: [RunSubscription]

    public init(
        run: WorkflowRun, isImported: Bool, launchedVersion: ConfigurationVersionID?, importedVersion: ConfigurationVersionID?,
        stop: RunStop? = nil, warnAfter: Duration?, warnAt: Timestamp?, afterStop: Duration? = nil,
        closingUntil: Timestamp? = nil, tasks: [TransferredTask] = [], notes: [RunNote] = [], resolutions: [RunResolution] = [],
        subscriptions: [RunSubscription] = [], calledBy: RunCaller? = nil
    ) {
        self.calledBy = calledBy
        self.run = run
        self.isImported = isImported
        self.launchedVersion = launchedVersion
        self.importedVersion = importedVersion
        self.stop = stop
        self.warnAfter = warnAfter
        self.warnAt = warnAt
        self.afterStop = afterStop
        self.closingUntil = closingUntil
        self.tasks = tasks
        self.notes = notes
        self.resolutions = resolutions
        self.subscriptions = subscriptions
    }
}

/// A task with its scheduling data and its attempts.
public struct TransferredTask: Hashable, Sendable {
    /// Its position in the run; that of an item follows from ``ItemPlace``.
    public var position: Int
    /// The item of a group is its list, which is not resolved yet.
    public var instance: TaskInstance
    /// The definition ids of its needs.
    public var needs: [String]
    /// Units of its tenant's resources, by name.
    public var uses: [String: Int]
    public var readyAt: Timestamp?
    public var token: Int
    /// The worker and its lease; nil when no worker holds the task.
    public var holder: TaskHolder?
    public var outputs: JSONText?
    /// The work outside that it waits for; nil for other tasks.
    public var wait: TaskWait?
    public var attempts: [TransferredAttempt]

    public init(
        position: Int, instance: TaskInstance, needs: [String], uses: [String: Int] = [:], readyAt: Timestamp?, token: Int,
        holder: TaskHolder?, outputs: JSONText?, wait: TaskWait? = nil, attempts: [TransferredAttempt] = []
    ) {
        self.position = position
        self.instance = instance
        self.needs = needs
        self.uses = uses
        self.readyAt = readyAt
        self.token = token
        self.holder = holder
        self.outputs = outputs
        self.wait = wait
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
    /// The kept range of the output, in bytes.
    public var output: Range<Int>
    public var ending: TaskEnding?

    public init(
        number: Int, startedAt: Timestamp, endedAt: Timestamp?, outcome: TaskState?, error: RunError?, output: Range<Int>,
        ending: TaskEnding? = nil
    ) {
        self.number = number
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.outcome = outcome
        self.error = error
        self.output = output
        self.ending = ending
    }
}
