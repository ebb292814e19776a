/// An inconsistency between a run and its tasks. This program never writes one.
public enum RunInconsistency: Hashable, CaseIterable, Sendable {
    /// Every task has ended, but the run has not.
    case unfinishedWithoutTasks
    /// The run has ended, but a task has not.
    case endedBeforeTasks
    /// A task should be ready but cannot be claimed, so that the run would never end.
    case taskIsStuck
    /// A task can be claimed too early.
    case taskIsReadyTooEarly
    /// A task has other counts of its items than it has items.
    case itemsAreMiscounted
}

extension RunInconsistency {
    /// Whether ``RunProgress/repair(at:)`` can repair it. For a run that has ended, the intended end of its tasks is unknown.
    public var isRepairable: Bool { self != .endedBeforeTasks }

    /// For the reports of checks.
    package var message: String {
        switch self {
        case .unfinishedWithoutTasks: "Runs have not ended although all of their tasks have."
        case .endedBeforeTasks: "Runs have ended although one of their tasks has not."
        case .taskIsStuck: "Tasks are not ready although their needs are met: their runs would never end."
        case .taskIsReadyTooEarly: "Tasks can be claimed although their needs are not met."
        case .itemsAreMiscounted: "Tasks with `for_each` have other counts than items."
        }
    }
}
