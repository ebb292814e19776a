/// Announces changes in a store.
public protocol SignalSource: Sendable {
    /// Announces changes by this process and, where the store can, by other processes. Signals are hints that can be lost:
    /// a listener also polls.
    func signals() -> AsyncStream<StoreSignal>
}

public enum StoreSignal: Hashable, Sendable {
    /// A task has become ready.
    case work
    /// A run with work under way was asked to stop.
    case stop(RunID)
    /// Tasks of a run that goes on are to be ended. Their leases say which ones.
    case endings(RunID)
    /// Schedules have changed, or a run that a waiting tick depends on has ended.
    case schedules
    /// A run has ended that a workflow has a trigger after.
    case triggers
}
