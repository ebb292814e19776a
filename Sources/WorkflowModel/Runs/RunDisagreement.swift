/// Something about a run that does not follow from its tasks, though it should. Nothing that this program writes is so.
public enum RunDisagreement: Hashable, CaseIterable, Sendable {
    /// Every task has ended, and the run has not.
    case goesOnWithoutTasks
    /// The run has ended, and a task has not.
    case endedBeforeTasks
    /// A task that may be claimed cannot be, so that the run would never end.
    case taskIsStuck
    /// A task can be claimed that must not be.
    case taskIsReadyTooEarly
}

extension RunDisagreement {
    /// Whether ``RunProgress/amend(at:)`` puts it right. What a run that has ended was to do with its tasks is not known.
    public var isAmendable: Bool { self != .endedBeforeTasks }
}
