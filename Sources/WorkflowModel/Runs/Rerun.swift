/// The point from which a rerun starts.
public enum RerunStart: String, CaseIterable, Hashable, Sendable {
    /// Runs what did not succeed, and keeps the rest.
    case failure
    /// Runs everything.
    case start

    /// The default: a failed or stopped run continues from the failure, a successful one runs from the start.
    public static func usual(for state: RunState) -> RerunStart {
        state == .succeeded ? .start : .failure
    }
}

/// The version of the configuration that a rerun uses.
public enum RerunVersion: String, CaseIterable, Hashable, Sendable {
    /// The current version.
    case current
    /// The version with which the old run was launched.
    case launched
}

/// A request to rerun a run.
public struct Rerun: Hashable, Sendable {
    /// Including its tasks, and the item that a decision is about.
    public var old: WorkflowRunDetails
    public var start: RerunStart
    public var principal: Principal
    /// The decision about tasks of the old run that it carries; nil for none.
    public var resolution: ResolutionOrder?

    public init(of old: WorkflowRunDetails, from start: RerunStart, by principal: Principal) {
        self.old = old
        self.start = start
        self.principal = principal
    }

    /// A rerun that carries a decision about tasks of the old run.
    public init(of old: WorkflowRunDetails, carrying order: ResolutionOrder) {
        self.init(of: old, from: order.resolution.start, by: order.resolvedBy)
        resolution = order
    }

    /// Checks whether the run can be rerun at all.
    /// - Throws: ``RerunRefusal/hasNotEnded`` and ``RerunRefusal/isHistory``
    public static func check(_ old: WorkflowRunDetails) throws(RerunRefusal) {
        guard !old.isImported, old.origin.configuration != nil, old.origin.runMode != nil else { throw .isHistory }
        guard old.run.state.hasEnded else { throw .hasNotEnded }
    }
}

/// Why a run cannot be rerun.
public enum RerunRefusal: Error, Hashable, Sendable {
    case hasNotEnded
    /// It was imported: this service has neither its definition nor the outputs of its tasks.
    case isHistory
    /// The configuration was deleted, so there is no current version.
    case hasNoCurrentVersion
    /// The version with which it was launched no longer exists, or this program cannot read it.
    case hasNoUsableVersion
    /// It succeeded, so there is no failure to continue from.
    case hasNotFailed
    /// Every task of the version has succeeded already, or is a closing task that has nothing to close.
    case keepsEverything
    /// The version does not have the task that a decision is about, or not in the run mode of the run. With its label.
    case lacksTask(String)
    /// The items of the task that a decision is about are not kept: the version resolves their list anew. With the label of the task.
    case lacksItems(String)
    /// The decision that it carries does not apply.
    case resolution(ResolutionRefusal)
    case hasNothingToRun(NothingToRun)
    /// The version does not accept the parameters of the old run.
    case parameters(ParameterRefusal)
}

/// The result of a task in an older run that a rerun keeps instead of running the task.
public struct KeptTask: Hashable, Sendable {
    /// The id of the task in the old run.
    public var id: TaskID
    /// The position in the old run, from 0.
    public var position: Int
    /// The run that executed the task.
    public var origin: RunID
    /// The number of its warnings, which are kept with the result.
    public var warnings: Int
    /// How a person settled it.
    public var resolution: Resolution?
    /// Whether its condition was false, so that it did not run.
    public var wasUnmet: Bool

    public init(
        id: TaskID, position: Int, origin: RunID, warnings: Int = 0, resolution: Resolution? = nil, wasUnmet: Bool = false
    ) {
        self.id = id
        self.position = position
        self.origin = origin
        self.warnings = warnings
        self.resolution = resolution
        self.wasUnmet = wasUnmet
    }
}
