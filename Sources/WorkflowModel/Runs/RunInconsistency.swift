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
}
