public import Logging
import Synchronization
public import WorkflowModel

/// What the service remembers, in a PostgreSQL database that any number of nodes share.
///
/// Verbs run on the threads of ``ConnectionPool``, each in one transaction. A transaction that changes a run holds the run's
/// row while it decides; a claim holds the ready tasks that it takes, then their runs, in one order. What a broken connection,
/// a deadlock or a missing partition undid is tried again inside the verb. When the answer to a commit was lost, the verb finds
/// out by what it had written whether it happened, so that nothing is lost and nothing done twice.
public final class PostgresStore: WorkflowStore {
    let pool: ConnectionPool
    private let board: SignalBoard
    private let exchange: SignalExchange
    /// nil where all reads go to the primary.
    let replicas: ReadReplicas?
    let recentKeys: RecentKeys
    private let keeper: Mutex<Task<Void, Never>?>
    private let isClosed = Mutex(false)

    /// Opens the store in a database: brings its schema up to date and makes the partitions that are due.
    ///
    /// - Parameters:
    ///   - replicas: standbys of that database, which answer what lists and pages ask for. Whether they are there is not waited for.
    ///   - time: for what the store does from time to time; no statement asks for the time.
    ///   - random: tells this node from the others.
    ///   - takingOver: whether it is opened to be filled by a takeover; until that has ended, for nothing else.
    /// - Throws: ``StoreError`` with the codes `unavailable`, `newerThanProgram` and `damaged`.
    public static func open(
        _ address: DatabaseAddress, replicas: [DatabaseAddress] = [], settings: PostgresSettings = PostgresSettings(),
        time: any TimeSource, random: any RandomSource, takingOver: Bool = false, logger: Logger
    ) async throws -> PostgresStore {
        let session = Session(address: address, settings: settings)
        do {
            let months = Partitions.due(at: time.now)
            try await SessionThread.run {
                let connection = try session.open()
                try connection.checkEncoding()
                try Migration.apply(Migration.all, to: connection)
                if !takingOver { try refuseUnlessWhole(connection) }
                try connection.makePartitions(for: months)
            }
        } catch {
            throw StoreError.error(for: error)
        }
        let store = try PostgresStore(
            session: session, replicas: replicas.map { Session(address: $0, settings: settings) }, time: time, random: random,
            logger: logger)
        await store.exchange.start()
        return store
    }

    private init(
        session: Session, replicas: [Session], time: any TimeSource, random: any RandomSource, logger: Logger
    ) throws(StoreError) {
        let board = SignalBoard()
        // First, because it may fail, and the pool has threads to end then.
        exchange = try SignalExchange(
            node: String(random.next(), radix: 36), board: board, logger: logger, open: { try session.open() })
        let pool = ConnectionPool(settings: session.settings, time: time, logger: logger) { try session.open() }
        self.board = board
        self.pool = pool
        recentKeys = RecentKeys(time: time)
        self.replicas = replicas.isEmpty ? nil : ReadReplicas(replicas, primary: pool, time: time, logger: logger)
        let care = PostgresKeeper(pool: pool, foldInterval: session.settings.foldInterval, time: time, logger: logger)
        keeper = Mutex(Task { await care.run() })
    }

    public func signals() -> AsyncStream<StoreSignal> {
        board.stream()
    }

    /// Other nodes change runs too.
    public var changeNumber: UInt64? { nil }

    public func ping() async throws {
        try await read { _ = try $0.row("SELECT 1") { try $0.next(Int.self) } }
    }

    public func close() async throws {
        let isFirst = isClosed.withLock { isClosed in
            defer { isClosed = true }
            return !isClosed
        }
        guard isFirst else { return }
        keeper.withLock { $0.take() }?.cancel()
        await replicas?.close()
        await pool.close()
        await exchange.close()
        board.finish()
    }

    func send(_ signals: Set<StoreSignal>) {
        guard !signals.isEmpty else { return }
        board.send(signals)
        exchange.send(signals)
    }
}

extension PostgresConnection {
    /// Texts of all the world's scripts are kept as they come.
    fileprivate func checkEncoding() throws {
        let encoding = try row("SELECT current_setting('server_encoding')") { try $0.next(String.self) } ?? ""
        guard encoding == "UTF8" else {
            throw StoreError(.unavailable, "The database is encoded in \(encoding); accepted is UTF8.")
        }
    }
}
