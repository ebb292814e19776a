import Dispatch
import GRDB
import Synchronization
public import WorkflowModel

/// What the service remembers, in one SQLite file that one process owns.
///
/// One connection writes and checkpoints, in WAL mode with synchronous=FULL; a few others only read. Verbs that write go
/// through ``WriteQueue``, which lets them share commits, those that read through ``ReadQueue``, which lets them share threads; all
/// of SQLite's blocking work happens on GRDB's own queues.
public final class SQLiteStore: WorkflowStore {
    // In this order: the connections close before the directory is given up.
    let pool: DatabasePool
    let queue: WriteQueue
    let reads: ReadQueue
    let keys = KnownRecords<String, APIKey>(capacity: 10_000)
    /// The current versions of configurations: a start needs one each time. Together they take 16 MiB at most.
    let configurations = KnownRecords<OwnedName, ConfigurationVersion>(capacity: 256) { $0.source.text.utf8.count <= 64 << 10 }
    private let board: SignalBoard
    private let directory: Mutex<DataDirectory?>

    /// Opens the store in a data directory, creating what is missing, and owns it until ``close()``.
    ///
    /// Blocks while it reads and migrates the file, so that it belongs where a program starts.
    /// - Throws: ``StoreError`` with the codes `ownedElsewhere`, `newerThanProgram`, `damaged` and `unavailable`.
    public static func open(directory path: String) throws(StoreError) -> SQLiteStore {
        try open(directory: path, preparing: { _ in })
    }

    /// - Parameter prepare: what tests do with every connection that is opened.
    static func open(
        directory path: String, preparing prepare: @escaping @Sendable (Database) throws -> Void
    ) throws(StoreError) -> SQLiteStore {
        let directory = try DataDirectory(path)
        do {
            let pool = try OpenedDatabase.pool(at: directory.databasePath, preparing: prepare)
            let readers = try OpenedDatabase.readers(at: directory.databasePath, preparing: prepare)
            return SQLiteStore(pool: pool, reads: ReadQueue(readers: readers), directory: directory)
        } catch {
            let reason =
                switch error {
                case let known as StoreError: known
                case let failure as DatabaseError: StoreError.storeError(for: failure)
                default: StoreError(.unavailable, "It cannot be opened.", cause: error)
                }
            throw StoreError(reason.code, "The database in \(path) cannot be used. \(reason.message)", cause: reason.cause)
        }
    }

    private init(pool: DatabasePool, reads: ReadQueue, directory: DataDirectory) {
        self.pool = pool
        self.reads = reads
        self.directory = Mutex(directory)
        board = SignalBoard()
        queue = WriteQueue(pool: pool, board: board)
    }

    public func signals() -> AsyncStream<StoreSignal> {
        board.stream()
    }

    public var changeNumber: UInt64? { queue.changeNumber }

    public func ping() async throws {
        try await read { _ = try $0.row("SELECT number FROM tenants WHERE number = 0") { try $0.next(Int.self) } }
    }

    public func close() async throws {
        guard let owned = directory.withLock({ $0.take() }) else { return }
        await queue.close()
        board.finish()
        let (pool, reads) = (pool, reads)
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            DispatchQueue.global().async {
                let outcome = Result {
                    // The readers go first, so that the writer is the last and removes the log.
                    try reads.close()
                    try pool.close()
                }
                continuation.resume(with: outcome.mapError(StoreError.error))
            }
        }
        withExtendedLifetime(owned) {}
    }

    /// Reads one state of the database, away from Swift's own threads.
    func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        guard directory.withLock({ $0 != nil }) else { throw StoreError.closed() }
        do {
            return try await reads.read(body)
        } catch {
            throw StoreError.error(for: error)
        }
    }

    func write<Value: Sendable>(
        _ size: WriteQueue.Size = .small, _ body: @escaping @Sendable (Database, inout Set<StoreSignal>) throws -> Value
    ) async throws -> Value {
        try await queue.write(size, body)
    }

    func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await queue.write { database, _ in try body(database) }
    }
}
