import GRDB
import StoreCore
import Synchronization
import WorkflowModel

/// Lets concurrent writes share one commit, so that durability does not cost throughput.
///
/// A commit with synchronous=FULL costs one flush of the disk, about a millisecond, however much it contains. While one
/// commit is flushed, arriving writes wait. Then all of them, up to ``batchLimit``, run in one transaction and are answered
/// together. A lone write waits for no other; a write in a batch waits for the others; a commit that fails, fails for all of
/// them.
///
/// An error in one write undoes only that write. Few writes fail after they have changed something, so a batch runs without
/// savepoints. When one of its writes does, the batch is rolled back and runs again with a savepoint per write, which copies
/// every page that the write touches. So the body of a write may run twice before it is answered: it must change the database
/// and nothing else.
final class WriteQueue: Sendable {
    /// Most writes in one commit: bounds how long the first of them waits for the last.
    static let batchLimit = 128

    enum Size: Sendable {
        case small
        /// Runs alone: no other write waits for it, and it does not run again because of another. Yields the processor
        /// meanwhile.
        case large
        /// Likewise, with foreign keys unchecked. For writes that delete runs with everything that refers to them: SQLite
        /// would look for references by scanning whole tables once per run, as no index begins with the run alone. Also for
        /// writes that add runs with everything that they refer to.
        case trusted
    }

    private struct Write: Sendable {
        /// Returns the closure that resumes the caller once the commit is on disk.
        let perform: @Sendable (Database, AuditBatch, inout Set<StoreSignal>) throws -> @Sendable () -> Void
        let fail: @Sendable (any Error) -> Void
        let size: Size
    }

    /// The answer to a write once its commit is on disk.
    private typealias Outcome = Result<@Sendable () -> Void, any Error>

    private enum Isolation {
        case together
        /// An error in one write undoes that write.
        case apart
    }

    /// A write of a batch failed after it had changed something, which cannot be undone alone.
    private struct ChangedBeforeItFailed: Error {}

    private struct Waiting {
        var writes: [Write] = []
        var isDraining = false
        var isClosed = false
    }

    private let pool: DatabasePool
    private let board: SignalBoard
    private let waiting = Mutex(Waiting())
    /// Incremented before and after a commit: odd during one.
    private let commits = Atomic<UInt64>(0)

    init(pool: DatabasePool, board: SignalBoard) {
        self.pool = pool
        self.board = board
    }

    /// Changes with each commit; nil during one.
    var changeNumber: UInt64? {
        let commits = commits.load(ordering: .sequentiallyConsistent)
        return commits % 2 == 0 ? commits : nil
    }

    /// Writes that are not yet part of a transaction.
    var waitingCount: Int { waiting.withLock { $0.writes.count } }

    /// Runs `body` in a transaction and returns when its commit is on disk. Cancellation does not interrupt it: a write that
    /// has begun either happens or fails.
    func write<Value: Sendable>(
        _ size: Size = .small, _ body: @escaping @Sendable (DatabaseConnection, inout Set<StoreSignal>) throws -> Value
    ) async throws -> Value {
        // Taken here: the body runs on another thread, beside the writes of others.
        let actor = AuditActor.current
        return try await withCheckedThrowingContinuation { continuation in
            let write = Write(
                perform: { database, events, signals in
                    let value = try body(DatabaseConnection(database, actor: actor, events: events), &signals)
                    return { continuation.resume(returning: value) }
                },
                fail: { continuation.resume(throwing: StoreError.error(for: $0)) },
                size: size)
            enqueue(write)
        }
    }

    /// Refuses new writes, and returns when the waiting ones have been answered and the log is checkpointed.
    func close() async {
        waiting.withLock { $0.isClosed = true }
        await withCheckedContinuation { continuation in
            // The writer's queue is serial, so that this runs after every scheduled batch.
            pool.asyncWriteWithoutTransaction { database in
                // If it fails, the next start reads the log instead; nothing is lost.
                _ = try? database.checkpoint(.truncate)
                continuation.resume()
            }
        }
    }

    private func enqueue(_ write: Write) {
        enum Next { case refuse, drain, wait }
        let next = waiting.withLock { waiting -> Next in
            guard !waiting.isClosed else { return .refuse }
            waiting.writes.append(write)
            guard !waiting.isDraining else { return .wait }
            waiting.isDraining = true
            return .drain
        }
        switch next {
        case .refuse: write.fail(StoreError.closed())
        case .drain: pool.asyncWriteWithoutTransaction { self.drain($0) }
        case .wait: break
        }
    }

    private func drain(_ database: Database) {
        while let batch = nextBatch() { commit(batch, in: database) }
    }

    private func nextBatch() -> [Write]? {
        waiting.withLock { waiting in
            guard let first = waiting.writes.first else {
                waiting.isDraining = false
                return nil
            }
            var count = 1
            if first.size == .small {
                count = waiting.writes.prefix(Self.batchLimit).prefix { $0.size == .small }.count
            }
            let batch = Array(waiting.writes.prefix(count))
            waiting.writes.removeFirst(count)
            return batch
        }
    }

    private func commit(_ batch: [Write], in database: Database) {
        if batch.first?.size == .small {
            commitAtOnce(batch, in: database)
        } else {
            database.yieldingProcessor { commitAtOnce(batch, in: database) }
        }
    }

    private func commitAtOnce(_ batch: [Write], in database: Database) {
        let looksAtReferences = batch.first?.size != .trusted
        var outcomes: [Outcome] = []
        var signals: Set<StoreSignal> = []
        do {
            // Has no effect inside a transaction.
            if !looksAtReferences { try database.control("PRAGMA foreign_keys = OFF") }
            defer { if !looksAtReferences { try? database.control("PRAGMA foreign_keys = ON") } }
            do {
                (outcomes, signals) = try transact(batch, .together, in: database)
            } catch is ChangedBeforeItFailed {
                (outcomes, signals) = try transact(batch, .apart, in: database)
            }
        } catch {
            for write in batch { write.fail(error) }
            return
        }
        board.send(signals)
        for (write, outcome) in zip(batch, outcomes) {
            switch outcome {
            case .success(let answer): answer()
            case .failure(let error): write.fail(error)
            }
        }
    }

    /// - Throws: an error that fails the whole batch.
    private func transact(
        _ batch: [Write], _ isolation: Isolation, in database: Database
    ) throws -> ([Outcome], Set<StoreSignal>) {
        do {
            try database.control("BEGIN IMMEDIATE")
            var outcomes: [Outcome] = []
            var signals: Set<StoreSignal> = []
            let events = AuditBatch()
            for write in batch {
                let eventsBefore = events.count
                var own: Set<StoreSignal> = []
                let outcome =
                    switch isolation {
                    case .apart: try performApart(write, in: database, events, signals: &own)
                    case .together where batch.count == 1: Outcome.success(try write.perform(database, events, &own))
                    case .together: try performTogether(write, in: database, events, signals: &own)
                    }
                switch outcome {
                case .success: signals.formUnion(own)
                case .failure: events.keepFirst(eventsBefore)
                }
                outcomes.append(outcome)
            }
            let connection = DatabaseConnection(database)
            try events.write(to: connection)
            try connection.countChanges()
            commits.add(1, ordering: .sequentiallyConsistent)
            defer { commits.add(1, ordering: .sequentiallyConsistent) }
            try database.control("COMMIT")
            return (outcomes, signals)
        } catch {
            if database.isInsideTransaction { try? database.control("ROLLBACK") }
            throw error
        }
    }

    /// - Throws: ``ChangedBeforeItFailed``, or an error that ends the whole transaction.
    private func performTogether(
        _ write: Write, in database: Database, _ events: AuditBatch, signals: inout Set<StoreSignal>
    ) throws -> Outcome {
        let changes = database.totalChangesCount
        do {
            return .success(try write.perform(database, events, &signals))
        } catch {
            // A full disk or a failed read rolls back the whole transaction, the other writes included.
            guard database.isInsideTransaction else { throw error }
            guard database.totalChangesCount == changes else { throw ChangedBeforeItFailed() }
            return .failure(error)
        }
    }

    /// - Throws: an error that ends the whole transaction.
    private func performApart(
        _ write: Write, in database: Database, _ events: AuditBatch, signals: inout Set<StoreSignal>
    ) throws -> Outcome {
        try database.control("SAVEPOINT one_write")
        do {
            let answer = try write.perform(database, events, &signals)
            try database.control("RELEASE one_write")
            return .success(answer)
        } catch {
            guard database.isInsideTransaction else { throw error }
            try database.control("ROLLBACK TO one_write")
            try database.control("RELEASE one_write")
            return .failure(error)
        }
    }
}

extension Database {
    /// Executes a statement that begins or ends a transaction, through GRDB, which keeps track of them.
    func control(_ sql: String) throws {
        try cachedStatement(sql: sql).execute()
    }
}
