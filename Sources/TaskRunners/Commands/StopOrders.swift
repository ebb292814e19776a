import Synchronization
import WorkflowModel

/// The stop orders of all running commands, by attempt.
final class StopOrders: Sendable {
    private struct Key: Hashable {
        var task: TaskID
        var attempt: Int
    }

    private let orders = Mutex<[Key: StopOrder]>([:])

    func add(_ order: StopOrder, for attempt: TaskAttempt) {
        orders.withLock { $0[Key(task: attempt.task, attempt: attempt.number)] = order }
    }

    func remove(_ attempt: TaskAttempt) {
        orders.withLock { $0[Key(task: attempt.task, attempt: attempt.number)] = nil }
    }

    func order(for task: TaskID, attempt: Int) -> StopOrder? {
        orders.withLock { $0[Key(task: task, attempt: attempt)] }
    }
}
