public import Logging
import StoreCore
import Synchronization
public import WorkflowModel

/// The service's data in a PostgreSQL database that any number of nodes share.
///
/// Methods run on the threads of ``ConnectionPool``, each in one transaction. A transaction that changes a run locks the
/// run's row first. A claim locks the ready tasks that it takes, then their runs, in one order. After a broken connection, a
/// deadlock or a missing partition, the method is retried. When the answer to a commit was lost, the retry finds out by the
/// written rows whether it happened, so that nothing is lost and nothing happens twice.
public final class PostgresStore: WorkflowStore {
    let pool: ConnectionPool
    private let board: SignalBoard
    private let exchange: SignalExchange
    /// nil when all reads go to the primary.
    let replicas: ReadReplicas?
    let recentKeys: RecentKeys
    /// Measures the budgets of searches.
    let time: any TimeSource
    private let keeper: Mutex<Task<Void, Never>?>
    private let isClosed = Mutex(false)

    /// Opens the store in a database: brings its schema up to date and creates the partitions that are due.
    ///
    /// - Parameters:
    ///   - replicas: standbys of that database, which answer lists and pages. They need not be reachable yet.
    ///   - time: for periodic work and the budgets of searches; no statement reads the server's clock.
    ///   - random: names this node.
    ///   - takingOver: whether the store is opened to be filled by a transfer. Nothing else may use it until the transfer has
    ///     ended.
    /// - Throws: ``StoreError`` with the codes `unavailable`, `newerThanProgram` and `damaged`.
    public static func open(
        _ address: DatabaseAddress, replicas: [DatabaseAddress] = [], settings: PostgresSettings = PostgresSettings(),
        time: any TimeSource, random: any RandomSource, takingOver: Bool = false, logger: Logger
    ) async throws -> PostgresStore {
        let session = Session(address: address, settings: settings)
        do {
            let months = Partitions.due(at: time.now)
            let refusal = try await SessionThread.run {
                let connection = try session.open()
                try connection.checkEncoding()
                try Migration.apply(Migration.all, to: connection)
                if !takingOver { try refuseIncompleteTransfer(connection) }
                try connection.makePartitions(for: months)
                try connection.completePartitions()
                return try connection.makeTextIndexes()
            }
            if let refusal { logger.noteMissingTextIndexes(refusal) }
        } catch {
            throw StoreError.error(for: error)
        }
        let store = try PostgresStore(
            session: session, replicas: replicas.map { Session(address: $0, settings: settings) }, time: time, random: random,
            logger: logger)
        await store.exchange.start()
        return store
    }

    /// Whether a database contains a store. Changes nothing.
    /// - Throws: ``StoreError`` with the code `unavailable`.
    public static func exists(
        in address: DatabaseAddress, settings: PostgresSettings = PostgresSettings(connections: 1)
    ) async throws -> Bool {
        let session = Session(address: address, settings: settings)
        do {
            return try await SessionThread.run {
                let connection = try session.open()
                return try connection.row("SELECT 1 FROM pg_namespace WHERE nspname = 'weir'") { _ in true } ?? false
            }
        } catch {
            throw StoreError.error(for: error)
        }
    }

    private init(
        session: Session, replicas: [Session], time: any TimeSource, random: any RandomSource, logger: Logger
    ) throws(StoreError) {
        let board = SignalBoard()
        // Created before the pool, whose threads would have to be ended if this failed.
        exchange = try SignalExchange(
            node: String(random.next(), radix: 36), board: board, logger: logger, open: { try session.open() })
        let pool = ConnectionPool(settings: session.settings, time: time, logger: logger) { try session.open() }
        self.board = board
        self.pool = pool
        self.time = time
        recentKeys = RecentKeys(time: time)
        self.replicas = replicas.isEmpty ? nil : ReadReplicas(replicas, primary: pool, time: time, logger: logger)
        let care = PostgresKeeper(pool: pool, foldInterval: session.settings.foldInterval, time: time, logger: logger)
        keeper = Mutex(Task { await care.run() })
    }

    public func signals() -> AsyncStream<StoreSignal> {
        board.stream()
    }

    /// nil: other nodes change runs too.
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

extension Logger {
    fileprivate func noteMissingTextIndexes(_ reason: String) {
        warning(
            """
            texts of runs are searched without an index: an administrator of the database can add the extension that it needs; \
            restart the service then
            """,
            metadata: ["statement": "\(TextIndexes.remedy)", "reason": "\(reason)"])
    }
}

extension PostgresConnection {
    /// Texts of every script have to be storable.
    fileprivate func checkEncoding() throws {
        let encoding = try row("SELECT current_setting('server_encoding')") { try $0.next(String.self) } ?? ""
        guard encoding == "UTF8" else {
            throw StoreError(.unavailable, "The database is encoded in \(encoding); accepted is UTF8.")
        }
    }
}
