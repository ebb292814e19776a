import Synchronization
import WorkflowModel

/// Keys that were read, so that a request need not read its own again. This process alone changes the store, and every change of a
/// key is told here twice, before it can be seen and before it is acknowledged: so what is known is never older than what is stored.
final class KnownKeys: Sendable {
    /// Keys at most; beyond, all are forgotten.
    static let capacity = 10_000

    private struct Known {
        /// Counts what ``forget()`` was told.
        var changes: UInt64 = 0
        var keys: [String: APIKey] = [:]
    }

    private let known = Mutex(Known())

    /// The key with that id, from memory or as it is read.
    func key(_ id: String, orRead read: () async throws -> APIKey?) async throws -> APIKey? {
        let (changes, key) = known.withLock { ($0.changes, $0.keys[id]) }
        if let key { return key }
        guard let key = try await read() else { return nil }
        known.withLock { known in
            // What was read may be from before a change that was told meanwhile.
            guard known.changes == changes else { return }
            if known.keys.count >= Self.capacity { known.keys.removeAll() }
            known.keys[id] = key
        }
        return key
    }

    /// Runs what changes keys.
    func forgetting<Value>(_ change: () async throws -> Value) async rethrows -> Value {
        forget()
        defer { forget() }
        return try await change()
    }

    private func forget() {
        known.withLock { known in
            known.changes += 1
            known.keys.removeAll(keepingCapacity: true)
        }
    }
}
