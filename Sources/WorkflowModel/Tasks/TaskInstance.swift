/// What executes a task.
public enum ExecutionType: String, CaseIterable, Sendable {
    case command
    case http
}

/// A task of a run, as the API shows it.
public struct TaskInstance: Hashable, Sendable {
    public var id: TaskID
    public var run: RunID
    public var tenant: Tenant
    public var label: String
    public var state: TaskState
    public var stateChangedAt: Timestamp
    public var createdAt: Timestamp
    public var endedAt: Timestamp?
    /// An open string, because imported history has execution types of other engines; ours are those of ``ExecutionType``.
    public var executionType: String
    /// The id that the executing engine gave the work; nil until known.
    public var engineRunID: String?
    public var definitionID: String
    public var definitionType: String
    public var timeout: Duration?
    public var error: RunError?
    /// The stage that it belongs to; nil in imported history.
    public var stage: String?
    /// Attempts that have begun.
    public var attempts: Int
    /// The run in which it succeeded, when this run kept what it left there and did not run it again. That run may be gone by now.
    public var keptFrom: RunID?

    public init(
        id: TaskID, run: RunID, tenant: Tenant, label: String, state: TaskState, stateChangedAt: Timestamp, createdAt: Timestamp,
        endedAt: Timestamp? = nil, executionType: String, engineRunID: String? = nil, definitionID: String, definitionType: String,
        timeout: Duration? = nil, error: RunError? = nil, stage: String? = nil, attempts: Int = 0,
        keptFrom: RunID? = nil
    ) {
        self.id = id
        self.run = run
        self.tenant = tenant
        self.label = label
        self.state = state
        self.stateChangedAt = stateChangedAt
        self.createdAt = createdAt
        self.endedAt = endedAt
        self.executionType = executionType
        self.engineRunID = engineRunID
        self.definitionID = definitionID
        self.definitionType = definitionType
        self.timeout = timeout
        self.error = error
        self.stage = stage
        self.attempts = attempts
        self.keptFrom = keptFrom
    }
}

/// One attempt at a task, as it is recorded.
public struct TaskAttemptRecord: Hashable, Sendable {
    public var task: TaskID
    /// Counts from 1.
    public var number: Int
    public var startedAt: Timestamp
    public var endedAt: Timestamp?
    /// How it ended (`succeeded`, `failed` or `canceled`); nil while it goes on.
    public var outcome: TaskState?
    public var error: RunError?

    public init(
        task: TaskID, number: Int, startedAt: Timestamp, endedAt: Timestamp? = nil, outcome: TaskState? = nil,
        error: RunError? = nil
    ) {
        self.task = task
        self.number = number
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.outcome = outcome
        self.error = error
    }
}
