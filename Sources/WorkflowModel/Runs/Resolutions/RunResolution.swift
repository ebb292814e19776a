/// A person's decision about a task. The outputs that were given are those of the task.
///
/// The decision stands on the run that goes on with it: on the run itself when it acted in place, and on the rerun that carries it
/// when the run had ended.
public struct RunResolution: Hashable, Sendable {
    /// Decisions of a run at most.
    public static let most = 1_000

    /// A task of the run on which the decision stands.
    public var task: TaskID
    public var resolution: Resolution
    public var resolvedBy: Principal
    public var resolvedAt: Timestamp
    /// As ``ReasonRule`` accepts it; nil when none was given.
    @Exact public var reason: String?

    public init(
        task: TaskID, resolution: Resolution, by resolvedBy: Principal, at resolvedAt: Timestamp, reason: String? = nil
    ) {
        self.task = task
        self.resolution = resolution
        self.resolvedBy = resolvedBy
        self.resolvedAt = resolvedAt
        self.reason = reason
    }
}

/// A request to resolve one task of a run, or all that failed.
public struct ResolutionOrder: Hashable, Sendable {
    public enum Tasks: Hashable, Sendable {
        case one(TaskID)
        /// Those that are failed when the order arrives.
        case allFailed
    }

    public var tasks: Tasks
    public var resolution: Resolution
    /// As ``ResolvedOutputs`` accepts them; only with a resolution that takes some.
    public var outputs: JSONText?
    public var resolvedBy: Principal
    public var resolvedAt: Timestamp
    /// As ``ReasonRule`` accepts it; nil when none was given.
    @Exact public var reason: String?

    public init(
        _ resolution: Resolution, of tasks: Tasks, outputs: JSONText? = nil, by resolvedBy: Principal, at resolvedAt: Timestamp,
        reason: String? = nil
    ) {
        self.tasks = tasks
        self.resolution = resolution
        self.outputs = outputs
        self.resolvedBy = resolvedBy
        self.resolvedAt = resolvedAt
        self.reason = reason
    }

    package func decision(about task: TaskID) -> RunResolution {
        RunResolution(task: task, resolution: resolution, by: resolvedBy, at: resolvedAt, reason: reason)
    }
}

/// The outcome of an order to resolve tasks of a run that goes on.
public enum ResolutionOutcome: Hashable, Sendable {
    /// The run after the change.
    case resolved(WorkflowRunDetails)
    case noSuchRun
    /// Nothing has changed.
    case refused(ResolutionRefusal)
}

/// Why a task cannot be resolved.
public enum ResolutionRefusal: Error, Hashable, Sendable {
    case noSuchTask
    /// The run has ended, so that only a rerun can carry the decision.
    case hasEnded
    case isStopping
    /// It was imported: this service does not execute it.
    case isHistory
    /// The resolution starts a rerun, and the run has not ended.
    case needsEnd(Resolution)
    /// The task is in a state in which this resolution has no meaning. `label` is its label.
    case doesNotApply(label: String, state: TaskState)
    /// All failed tasks were to be resolved, and none is.
    case nothingFailed
    /// The run has ``RunResolution/most`` decisions.
    case tooMany
    /// A rerun that carries a decision about the task has not ended.
    case isCarriedBy(RunID)
}
