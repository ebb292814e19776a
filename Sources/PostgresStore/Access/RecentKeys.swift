import Synchronization
import WorkflowModel

/// Keys as they were read a moment ago, so that not each request has to read its own again.
///
/// This node forgets them when it changes one. What another node has changed may be missing for ``validity``.
final class RecentKeys: Sendable {
    /// From before a key is read. Half of what is promised: in the other half, whoever was let in by it is served.
    static let validity = Duration.milliseconds(500)
    /// Keys at most; beyond, all are forgotten.
    static let capacity = 10_000

    private struct Recent {
        /// Counts what ``RecentKeys/forget()`` was told.
        var changes = 0
        var keys: [String: (key: APIKey, asOf: Timestamp)] = [:]
    }

    private let time: any TimeSource
    private let recent = Mutex(Recent())

    init(time: any TimeSource) {
        self.time = time
    }

    /// The key with that id, as it was read a moment ago or as it is read now.
    func key(_ id: String, orRead read: () async throws -> APIKey?) async throws -> APIKey? {
        let now = time.now
        let (changes, known) = recent.withLock { ($0.changes, $0.keys[id]) }
        // A clock that was set back is believed.
        if let known, known.asOf <= now, now < known.asOf + Self.validity { return known.key }
        guard let key = try await read() else { return nil }
        recent.withLock { recent in
            // What was read may be from before a change of this node's own.
            guard recent.changes == changes else { return }
            if recent.keys.count >= Self.capacity { recent.keys.removeAll() }
            recent.keys[id] = (key, now)
        }
        return key
    }

    func forget() {
        recent.withLock { recent in
            recent.changes += 1
            recent.keys.removeAll(keepingCapacity: true)
        }
    }
}
