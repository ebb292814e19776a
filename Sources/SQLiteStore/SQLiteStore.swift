import Dispatch
import GRDB
import StoreCore
import Synchronization
public import WorkflowModel

/// The service's data in one SQLite file that one process owns.
///
/// One connection writes and checkpoints, in WAL mode with synchronous=FULL; a few others only read. Methods that write go
/// through ``WriteQueue``, which lets them share commits. Methods that read go through ``ReadQueue``, which lets them share
/// threads. All blocking calls of SQLite run on GRDB's own queues.
public final class SQLiteStore: WorkflowStore {
    // Declared in this order: the connections close before the directory is unlocked.
    let pool: DatabasePool
    let queue: WriteQueue
    let reads: ReadQueue
    let keys = KnownRecords<String, APIKey>(capacity: 10_000)
    /// A cache of the current versions of configurations: every start needs one. They take 16 MiB at most.
    let configurations = KnownRecords<OwnedName, ConfigurationVersion>(capacity: 256) { $0.source.text.utf8.count <= 64 << 10 }
    private let board: SignalBoard
    /// Measures the time of searches.
    let time: any TimeSource
    private let directory: Mutex<DataDirectory?>

    /// Opens the store in a data directory, creating what is missing, and owns it until ``close()``.
    ///
    /// Blocks while it reads and migrates the file: call it where a program starts.
    /// - Parameter time: measures the budgets of searches by its monotonic clock; nothing in the store depends on it.
    /// - Throws: ``StoreError`` with the codes `ownedElsewhere`, `newerThanProgram`, `damaged` and `unavailable`.
    public static func open(directory path: String, time: any TimeSource) throws(StoreError) -> SQLiteStore {
        try open(directory: path, time: time, preparing: { _ in })
    }

    /// - Parameter prepare: runs on every connection that is opened. For tests.
    static func open(
        directory path: String, time: any TimeSource, preparing prepare: @escaping @Sendable (Database) throws -> Void
    ) throws(StoreError) -> SQLiteStore {
        let directory = try DataDirectory(path)
        do {
            try DatabaseFile(path: directory.databasePath).prepare(create: OpenedDatabase.create)
            let pool = try OpenedDatabase.pool(at: directory.databasePath, preparing: prepare)
            let readers = try OpenedDatabase.readers(at: directory.databasePath, preparing: prepare)
            return SQLiteStore(pool: pool, reads: ReadQueue(readers: readers), time: time, directory: directory)
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

    private init(pool: DatabasePool, reads: ReadQueue, time: any TimeSource, directory: DataDirectory) {
        self.pool = pool
        self.reads = reads
        self.time = time
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
                    // The readers close first: the last connection to close removes the log.
                    try reads.close()
                    try pool.close()
                }
                continuation.resume(with: outcome.mapError(StoreError.error))
            }
        }
        withExtendedLifetime(owned) {}
    }

    /// Runs `body` on one state of the database, outside of Swift's thread pool.
    func read<Value: Sendable>(
        as size: ReadQueue.Size = .small, _ body: @escaping @Sendable (DatabaseConnection) throws -> Value
    ) async throws -> Value {
        guard directory.withLock({ $0 != nil }) else { throw StoreError.closed() }
        do {
            return try await reads.read(as: size, body)
        } catch {
            throw StoreError.error(for: error)
        }
    }

    func write<Value: Sendable>(
        _ size: WriteQueue.Size = .small, _ body: @escaping @Sendable (DatabaseConnection, inout Set<StoreSignal>) throws -> Value
    ) async throws -> Value {
        try await queue.write(size, body)
    }

    func write<Value: Sendable>(_ body: @escaping @Sendable (DatabaseConnection) throws -> Value) async throws -> Value {
        try await queue.write { database, _ in try body(database) }
    }
}
