import DequeModule
import GRDB
import Synchronization
import WorkflowModel

/// Lets reads that wait at the same time go one after the other on a thread that is awake already.
///
/// Waking a thread costs more than most reads. So a reader that has answered takes the next read that waits, if there is
/// one, before it goes to sleep; more readers are woken as long as there are any, so that a long read delays nobody. Each read sees
/// the database as it is when its turn comes: with everything that had been acknowledged before it was asked for.
final class ReadQueue: Sendable {
    private struct Read: Sendable {
        /// Returns how to answer.
        let perform: @Sendable (Database) -> @Sendable () -> Void
        let fail: @Sendable (any Error) -> Void
    }

    private struct Waiting {
        var reads: Deque<Read> = []
        /// Readers that sleep.
        var idle: [DatabaseQueue]
        var isClosed = false
    }

    private let readers: [DatabaseQueue]
    private let waiting: Mutex<Waiting>

    /// - Parameter readers: connections that only read.
    init(readers: [DatabaseQueue]) {
        self.readers = readers
        waiting = Mutex(Waiting(idle: readers))
    }

    /// Runs `body` on a reader. Not interrupted by cancellation.
    /// - Throws: `StoreError` with the code `unavailable` once it is closed; what `body` throws.
    func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            enqueue(
                Read(
                    perform: { database in
                        let outcome = Result { try body(database) }
                        return { continuation.resume(with: outcome) }
                    },
                    fail: { continuation.resume(throwing: $0) }))
        }
    }

    /// Takes no more reads, and closes the readers. Blocks until those that wait have been answered.
    func close() throws {
        waiting.withLock { $0.isClosed = true }
        for reader in readers { try reader.close() }
    }

    private func enqueue(_ read: Read) {
        let (isClosed, woken) = waiting.withLock { waiting in
            guard !waiting.isClosed else { return (true, nil as DatabaseQueue?) }
            waiting.reads.append(read)
            return (false, waiting.idle.popLast())
        }
        if isClosed { return read.fail(StoreError.closed()) }
        guard let woken else { return }
        woken.asyncWriteWithoutTransaction { database in
            while let read = self.next(for: woken) { self.perform(read, in: database) }
        }
    }

    private func next(for reader: DatabaseQueue) -> Read? {
        waiting.withLock { waiting in
            if let read = waiting.reads.popFirst() { return read }
            waiting.idle.append(reader)
            return nil
        }
    }

    private func perform(_ read: Read, in database: Database) {
        do {
            try database.control("BEGIN DEFERRED TRANSACTION")
        } catch {
            return read.fail(error)
        }
        let answer = read.perform(database)
        // Ends the view of the database that this read had.
        do { try database.control("COMMIT TRANSACTION") } catch { try? database.rollback() }
        answer()
    }
}
