import Synchronization
import WorkflowAPI
import WorkflowModel

/// Limits the open streams of live updates: each holds a connection and queries the store every second.
final class StreamSlots: Sendable {
    static let most = 500
    static let mostOfOneKey = 60

    private let open = Mutex<[ExactText: Int]>([:])

    /// - Throws: ``APIError`` (503) when all slots are taken; pages then poll.
    func take(for key: String) throws(APIError) {
        let isTaken = open.withLock { open in
            guard open.values.reduce(0, +) < Self.most, open[key, default: 0] < Self.mostOfOneKey else { return false }
            open[key, default: 0] += 1
            return true
        }
        guard isTaken else {
            throw APIError(.unavailable, "Too many live pages are open; this page polls for changes instead.")
        }
    }

    func release(for key: String) {
        open.withLock { open in
            guard let count = open[key] else { return }
            open[key] = count > 1 ? count - 1 : nil
        }
    }
}
