/// The kind of executor of a task.
public enum ExecutionType: String, CaseIterable, Sendable {
    case command
    case http
    /// A run of another workflow.
    case workflow
}

/// A task of a run, as the API returns it.
public struct TaskInstance: Hashable, Sendable {
    public var id: TaskID
    public var run: RunID
    public var tenant: Tenant
    public var label: String
    public var state: TaskState
    public var stateChangedAt: Timestamp
    public var createdAt: Timestamp
    public var endedAt: Timestamp?
    /// Free text, because imported history has execution types of other engines; this service's types are in ``ExecutionType``.
    public var executionType: String
    /// The id of the work in the executing engine; nil while it is unknown.
    public var engineRunID: String?
    public var definitionID: String
    public var definitionType: String
    public var timeout: Duration?
    public var error: RunError?
    /// The stage; nil in imported history.
    public var stage: String?
    /// The number of attempts that have begun.
    public var attempts: Int
    /// The run in which the task succeeded, when this run kept its result instead of running it again. That run may have been
    /// deleted.
    public var keptFrom: RunID?
    /// nil for a task that was not skipped, and in imported history.
    public var skipReason: SkipReason?
    public var when: TaskCondition
    /// Its condition in this run; nil for a task without one.
    public var gate: TaskGate?
    /// How a person settled it: ``Resolution/skip`` or ``Resolution/succeed``; nil for other tasks.
    public var resolution: Resolution?
    /// Only of a task that succeeded. A task that a rerun kept has those of its result.
    public var warnings: TaskWarnings
    /// Of a task that runs once for each of several items; nil for other tasks.
    public var fan: FanOut?
    /// The value of an item; nil for tasks that are no items.
    public var item: JSONText?

    public init(
        id: TaskID, run: RunID, tenant: Tenant, label: String, state: TaskState, stateChangedAt: Timestamp, createdAt: Timestamp,
        endedAt: Timestamp? = nil, executionType: String, engineRunID: String? = nil, definitionID: String, definitionType: String,
        timeout: Duration? = nil, error: RunError? = nil, stage: String? = nil, attempts: Int = 0,
        keptFrom: RunID? = nil, skipReason: SkipReason? = nil, when: TaskCondition = .success,
        warnings: TaskWarnings = TaskWarnings(), resolution: Resolution? = nil, gate: TaskGate? = nil, fan: FanOut? = nil,
        item: JSONText? = nil
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
        self.skipReason = skipReason
        self.when = when
        self.resolution = resolution
        self.gate = gate
        self.warnings = warnings
        self.fan = fan
        self.item = item
    }
}

extension TaskInstance {
    /// The id of its definition; of an item, with the number of the item: `load[17]`.
    public var shortName: String {
        guard item != nil, let index = id.asItem?.index else { return definitionID }
        return "\(definitionID)[\(index)]"
    }
}

/// The record of one attempt at a task.
public struct TaskAttemptRecord: Hashable, Sendable {
    public var task: TaskID
    /// Counts from 1.
    public var number: Int
    public var startedAt: Timestamp
    public var endedAt: Timestamp?
    /// How it ended (`succeeded`, `failed` or `canceled`); nil while it is under way.
    public var outcome: TaskState?
    public var error: RunError?
    /// How it was ended after a request to stop its run; nil when there was none, or the worker was lost before it could say so.
    public var ending: TaskEnding?

    public init(
        task: TaskID, number: Int, startedAt: Timestamp, endedAt: Timestamp? = nil, outcome: TaskState? = nil,
        error: RunError? = nil, ending: TaskEnding? = nil
    ) {
        self.task = task
        self.number = number
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.outcome = outcome
        self.error = error
        self.ending = ending
    }
}

extension [TaskAttemptRecord] {
    /// By their begin; attempts that began together stay in the order of their tasks.
    package var oldestFirst: [TaskAttemptRecord] {
        enumerated().sorted { ($0.element.startedAt, $0.offset) < ($1.element.startedAt, $1.offset) }.map(\.element)
    }
}
