import DequeModule
import GRDB
import StoreCore
import Synchronization
import WorkflowModel

/// Runs waiting reads one after the other on a thread that is already awake.
///
/// Waking a thread costs more than most reads. So a reader that has answered takes the next waiting read before it goes to
/// sleep. More readers are woken as long as there are any, so that a long read delays no other. Searches, each of which may take as
/// long as its budget, never occupy all readers. Each read sees everything that was acknowledged before it was enqueued.
final class ReadQueue: Sendable {
    enum Size: Sendable {
        case small
        case search
    }

    private struct Read: Sendable {
        let size: Size
        /// Returns the closure that resumes the caller.
        let perform: @Sendable (Database) -> @Sendable () -> Void
        let fail: @Sendable (any Error) -> Void
    }

    private struct Waiting {
        var reads: Deque<Read> = []
        /// Searches for which a search that is under way has to end.
        var searches: Deque<Read> = []
        /// Searches that are under way.
        var openSearches = 0
        let mostSearches: Int
        /// Readers without work.
        var idle: [DatabaseQueue]
        var isClosed = false

        /// The next read for a reader, oldest first. Where searches wait, there is one under way, whose reader takes them.
        mutating func next() -> Read? {
            if openSearches < mostSearches, let search = searches.popFirst() {
                openSearches += 1
                return search
            }
            while let read = reads.popFirst() {
                guard read.size == .search else { return read }
                if openSearches < mostSearches {
                    openSearches += 1
                    return read
                }
                searches.append(read)
            }
            return nil
        }
    }

    private let readers: [DatabaseQueue]
    private let waiting: Mutex<Waiting>

    /// - Parameter readers: connections that only read.
    init(readers: [DatabaseQueue]) {
        self.readers = readers
        waiting = Mutex(Waiting(mostSearches: max(1, readers.count / 2), idle: readers))
    }

    /// Runs `body` on a reader. Not interrupted by cancellation.
    /// - Throws: `StoreError` with the code `unavailable` once it is closed; what `body` throws.
    func read<Value: Sendable>(
        as size: Size = .small, _ body: @escaping @Sendable (DatabaseConnection) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            enqueue(
                Read(
                    size: size,
                    perform: { database in
                        let outcome = Result { try body(DatabaseConnection(database)) }
                        return { continuation.resume(with: outcome) }
                    },
                    fail: { continuation.resume(throwing: $0) }))
        }
    }

    /// Refuses new reads and closes the readers. Blocks until the waiting reads have been answered.
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
            var last: Read?
            while let read = self.next(for: woken, after: last) {
                self.perform(read, in: database)
                last = read
            }
        }
    }

    /// - Parameter last: the read that the reader has just answered.
    private func next(for reader: DatabaseQueue, after last: Read?) -> Read? {
        waiting.withLock { waiting in
            if last?.size == .search { waiting.openSearches -= 1 }
            if let read = waiting.next() { return read }
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
        // Ends the snapshot of this read.
        do { try database.control("COMMIT TRANSACTION") } catch { try? database.rollback() }
        answer()
    }
}
