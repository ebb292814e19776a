import Synchronization
import WorkflowAPI

/// How many streams of changes are open at once: each keeps a connection and asks the store every second.
final class StreamSlots: Sendable {
    static let most = 500
    static let mostOfOneKey = 60

    private let open = Mutex<[String: Int]>([:])

    /// - Throws: ``APIError`` (503) when there are too many; pages then ask again and again in place of listening.
    func take(for key: String) throws(APIError) {
        let isTaken = open.withLock { open in
            guard open.values.reduce(0, +) < Self.most, open[key, default: 0] < Self.mostOfOneKey else { return false }
            open[key, default: 0] += 1
            return true
        }
        guard isTaken else {
            throw APIError(.unavailable, "There are too many live pages open; this one will ask from time to time.")
        }
    }

    func release(for key: String) {
        open.withLock { open in
            guard let count = open[key] else { return }
            open[key] = count > 1 ? count - 1 : nil
        }
    }
}
