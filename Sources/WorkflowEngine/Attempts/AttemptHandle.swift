import Synchronization
import WorkflowModel

/// By what an attempt under way can be told to end, from wherever.
final class AttemptHandle: Sendable {
    private struct State {
        var reason: EndReason?
        var isShuttingDown = false
        var work: Task<TaskOutcome, Never>?
    }

    private let state = Mutex(State())

    /// Why it was told to end; nil when it was not.
    var reason: EndReason? { state.withLock { $0.reason } }

    var isShuttingDown: Bool { state.withLock { $0.isShuttingDown } }

    /// Tells the attempt to end: work under way is cancelled, work that has not begun never will.
    func end(_ reason: EndReason) {
        let work = state.withLock { state in
            if reason == .shutDown { state.isShuttingDown = true }
            state.reason = reason.after(state.reason)
            return state.work
        }
        work?.cancel()
    }

    /// Starts the work, unless the attempt was told to end before.
    func start(_ work: @escaping @Sendable () async -> TaskOutcome) -> Task<TaskOutcome, Never>? {
        state.withLock { state in
            guard state.reason == nil else { return nil }
            let task = Task { await work() }
            state.work = task
            return task
        }
    }
}
