import Synchronization

/// Records that were read, so that a request need not read its own again. This process alone changes the store, and every change of
/// such a record is told here twice, before it can be seen and before it is acknowledged: so what is known is never older than what is
/// stored.
final class KnownRecords<ID: Hashable & Sendable, Record: Sendable>: Sendable {
    private struct Known {
        /// Counts what ``forget()`` was told.
        var changes: UInt64 = 0
        var records: [ID: Record] = [:]
    }

    /// Records at most; beyond, all are forgotten.
    private let capacity: Int
    private let isSmall: @Sendable (Record) -> Bool
    private let known = Mutex(Known())

    /// - Parameter isSmall: whether a record is worth its memory.
    init(capacity: Int, isSmall: @escaping @Sendable (Record) -> Bool = { _ in true }) {
        self.capacity = capacity
        self.isSmall = isSmall
    }

    /// The record with that id, from memory or as it is read.
    func record(_ id: ID, orRead read: () async throws -> Record?) async throws -> Record? {
        let (changes, record) = known.withLock { ($0.changes, $0.records[id]) }
        if let record { return record }
        guard let record = try await read() else { return nil }
        guard isSmall(record) else { return record }
        known.withLock { known in
            // What was read may be from before a change that was told meanwhile.
            guard known.changes == changes else { return }
            if known.records.count >= capacity { known.records.removeAll() }
            known.records[id] = record
        }
        return record
    }

    /// Runs what changes records.
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
