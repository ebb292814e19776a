/// How a task of a run went: a cell in a table of runs and tasks.
public struct TaskResult: Hashable, Sendable {
    public var id: TaskID
    @Exact public var definitionID: String
    @Exact public var label: String
    /// The stage; nil in imported history.
    @Exact public var stage: String?
    public var state: TaskState
    /// nil for a task that was not skipped, and in imported history.
    public var skipReason: SkipReason?
    /// The number of attempts that have begun.
    public var attempts: Int
    /// Whether the run kept the result of an older run.
    public var isKept: Bool
    /// The duration of the newest attempt; nil when none has begun or it is under way, and in imported history.
    public var duration: Duration?
    /// The items of a task that runs once for each of several items, once they are known.
    public var items: ItemCounts?

    public init(
        id: TaskID, definitionID: String, label: String, stage: String?, state: TaskState, skipReason: SkipReason? = nil,
        attempts: Int = 0, isKept: Bool = false, duration: Duration? = nil
    ) {
        self.id = id
        self.definitionID = definitionID
        self.label = label
        self.stage = stage
        self.state = state
        self.skipReason = skipReason
        self.attempts = attempts
        self.isKept = isKept
        self.duration = duration
    }
}

/// A request for the task results of some runs of a tenant.
public struct TaskResultQuery: Hashable, Sendable {
    public var tenant: Tenant
    /// The runs, as a list has them.
    public var runs: [WorkflowRun]
    /// Tasks of each run from its first one on. Beyond them come those that failed.
    public var first: Int
    /// Tasks of each run at most.
    public var limit: Int

    public init(of runs: [WorkflowRun], tenant: Tenant, first: Int, limit: Int) {
        self.runs = runs
        self.tenant = tenant
        self.first = first
        self.limit = limit
    }
}
