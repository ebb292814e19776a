import StoreCore
import Synchronization

/// A cache of records. It is never stale, because this process alone changes the store. Every change of such a record empties
/// the cache twice: before the change can be seen, and before it is acknowledged.
final class KnownRecords<ID: Hashable & Sendable, Record: Sendable>: Sendable {
    private struct Known {
        /// Counts the calls of ``forget()``.
        var changes: UInt64 = 0
        var records: [ID: Record] = [:]
    }

    /// Most records that are kept. When it is reached, all are dropped.
    private let capacity: Int
    private let isSmall: @Sendable (Record) -> Bool
    private let known = Mutex(Known())

    /// - Parameter isSmall: whether a record is small enough to be kept.
    init(capacity: Int, isSmall: @escaping @Sendable (Record) -> Bool = { _ in true }) {
        self.capacity = capacity
        self.isSmall = isSmall
    }

    /// The record with that id, from the cache or read now.
    func record(_ id: ID, orRead read: () async throws -> Record?) async throws -> Record? {
        let (changes, record) = known.withLock { ($0.changes, $0.records[id]) }
        if let record { return record }
        guard let record = try await read() else { return nil }
        guard isSmall(record) else { return record }
        known.withLock { known in
            // The record may have been read before a change that happened meanwhile.
            guard known.changes == changes else { return }
            if known.records.count >= capacity { known.records.removeAll() }
            known.records[id] = record
        }
        return record
    }

    /// Runs a change of records, and empties the cache before and after it.
    func forgetting<Value>(_ change: () async throws -> Value) async rethrows -> Value {
        forget()
        defer { forget() }
        return try await change()
    }

    private func forget() {
        known.withLock { known in
            known.changes += 1
            known.records.removeAll(keepingCapacity: true)
        }
    }
}
