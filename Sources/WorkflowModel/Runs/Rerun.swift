/// Where a run that is done over begins.
public enum RerunStart: String, CaseIterable, Hashable, Sendable {
    /// With what did not succeed; the rest is kept.
    case failure
    /// With everything.
    case start

    /// What is meant when nobody says: what failed or was stopped goes on from there, what succeeded is done over as a whole.
    public static func usual(for state: RunState) -> RerunStart {
        state == .succeeded ? .start : .failure
    }
}

/// Which version of its configuration a run is done over with.
public enum RerunVersion: String, CaseIterable, Hashable, Sendable {
    /// The one that is current now.
    case current
    /// The one that the run was launched with.
    case launched
}

/// A run that is to be done over: which, from where, and by whom.
public struct Rerun: Hashable, Sendable {
    /// With its tasks.
    public var old: WorkflowRunDetails
    public var start: RerunStart
    public var principal: Principal

    public init(of old: WorkflowRunDetails, from start: RerunStart, by principal: Principal) {
        self.old = old
        self.start = start
        self.principal = principal
    }

    /// Whether the run can be done over at all.
    /// - Throws: ``RerunRefusal/goesOn`` and ``RerunRefusal/isHistory``
    public static func check(_ old: WorkflowRunDetails) throws(RerunRefusal) {
        guard old.configuration != nil, old.runMode != nil else { throw .isHistory }
        guard old.run.state.hasEnded else { throw .goesOn }
    }
}

/// Why a run cannot be done over like that.
public enum RerunRefusal: Error, Hashable, Sendable {
    case goesOn
    /// It came from another system, and no configuration is known of it.
    case isHistory
    /// The configuration is gone, and with it the version that would be current.
    case hasNoCurrentVersion
    /// The version that it was launched with is gone, or this program no longer reads it.
    case hasNoUsableVersion
    /// It succeeded, so that there is no failure to begin with.
    case hasNotFailed
    /// Everything that is in the version has succeeded already.
    case keepsEverything
    case hasNothingToRun(NothingToRun)
}

/// What a task is given in place of being run: what a task of an older run left.
public struct KeptTask: Hashable, Sendable {
    /// In the run that is done over.
    public var id: TaskID
    /// Likewise, from 0.
    public var position: Int
    /// The run in which it was worked on.
    public var origin: RunID

    public init(id: TaskID, position: Int, origin: RunID) {
        self.id = id
        self.position = position
        self.origin = origin
    }
}
