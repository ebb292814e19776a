import Synchronization
import WorkflowModel

/// Time that stands still until a test lets everything that waits go on.
final class GraceByHand: TimeSource {
    private struct State {
        var hasPassed = false
        var asked: [Duration] = []
        var waiting: [Int: CheckedContinuation<Void, any Error>] = [:]
    }

    private let state = Mutex(State())

    var now: Timestamp { Timestamp(milliseconds: 0) }
    /// What was slept for, in order.
    var asked: [Duration] { state.withLock { $0.asked } }

    func sleep(for duration: Duration) async throws {
        let number = state.withLock { state in
            state.asked.append(duration)
            return state.asked.count
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let isOver = state.withLock { state in
                    if state.hasPassed || Task.isCancelled { return true }
                    state.waiting[number] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: number) }?.resume(throwing: CancellationError())
        }
    }

    func pass() {
        let waiting = state.withLock { state in
            state.hasPassed = true
            defer { state.waiting = [:] }
            return state.waiting.values.map { $0 }
        }
        for waiter in waiting { waiter.resume() }
    }
}
