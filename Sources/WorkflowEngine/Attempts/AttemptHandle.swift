import Synchronization
import WorkflowModel

/// Ends a running attempt, from any task.
final class AttemptHandle: Sendable {
    private struct State {
        var reason: EndReason?
        var isShuttingDown = false
        var work: Task<TaskOutcome, Never>?
        var grace: Duration?
        var kill: (@Sendable () -> Void)?
        var isWorkOver = false
    }

    /// Whether the task is a closing task, which goes on after a stop.
    let isClosing: Bool
    private let state = Mutex(State())

    init(isClosing: Bool = false) {
        self.isClosing = isClosing
    }

    /// Why the attempt was told to end; nil when it was not.
    var reason: EndReason? { state.withLock { $0.reason } }

    var isShuttingDown: Bool { state.withLock { $0.isShuttingDown } }

    /// Whether the work has ended. Its outcome may still have to be reported.
    var isWorkOver: Bool { state.withLock { $0.isWorkOver } }

    /// The grace of the task; nil when the engine's applies, or when it is not known yet.
    var grace: Duration? { state.withLock { $0.grace } }

    /// Tells the attempt to end: running work is cancelled, pending work never starts.
    /// - Returns: whether this reason replaced the previous one.
    @discardableResult
    func end(_ reason: EndReason) -> Bool {
        let (work, isNew) = state.withLock { state -> (Task<TaskOutcome, Never>?, Bool) in
            if reason == .shutDown { state.isShuttingDown = true }
            // The work ended in time; its report is worth waiting for.
            if reason == .cutOff, state.isWorkOver { return (nil, false) }
            let before = state.reason
            state.reason = reason.after(before)
            return (state.work, state.reason != before)
        }
        work?.cancel()
        return isNew
    }

    /// Kills work that is still running after it was told to end.
    func endAtOnce() {
        state.withLock { $0.kill.take() }?()
    }

    /// Starts the work, unless the attempt was told to end before.
    /// - Parameters:
    ///  - grace: see ``grace``.
    ///  - kill: kills the work if it is still running after it was told to end.
    func start(
        grace: Duration?, kill: @escaping @Sendable () -> Void, _ work: @escaping @Sendable () async -> TaskOutcome
    ) -> Task<TaskOutcome, Never>? {
        state.withLock { state in
            guard state.reason == nil else { return nil }
            let task = Task { await work() }
            (state.work, state.grace, state.kill) = (task, grace, kill)
            return task
        }
    }

    /// The work has ended, or will never begin.
    func finishWork() {
        state.withLock { state in
            state.isWorkOver = true
            state.kill = nil
        }
    }
}
