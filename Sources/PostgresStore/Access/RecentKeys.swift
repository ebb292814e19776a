import Synchronization
import WorkflowModel

/// A cache of keys, so that not every request has to read its own.
///
/// This node empties it when it changes a key. Changes by other nodes may be missing for ``validity``.
final class RecentKeys: Sendable {
    /// Counted from before a key is read. Half of the promised time: the other half is for the request that the key admits.
    static let validity = Duration.milliseconds(500)
    /// Most keys that are kept. When it is reached, all are dropped.
    static let capacity = 10_000

    private struct Recent {
        /// Counts the calls of ``RecentKeys/forget()``.
        var changes = 0
        var keys: [ExactText: (key: APIKey, asOf: Timestamp)] = [:]
    }

    private let time: any TimeSource
    private let recent = Mutex(Recent())

    init(time: any TimeSource) {
        self.time = time
    }

    /// The key with that id, from the cache or read now.
    func key(_ id: String, orRead read: () async throws -> APIKey?) async throws -> APIKey? {
        let now = time.now
        let (changes, known) = recent.withLock { ($0.changes, $0.keys[id]) }
        // A key from the future is read again: the clock was set back.
        if let known, known.asOf <= now, now < known.asOf + Self.validity { return known.key }
        guard let key = try await read() else { return nil }
        recent.withLock { recent in
            // The key may have been read before a change by this node.
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
