import CLibPQ
import StoreCore
import WorkflowModel

/// A session with a server. One thread at a time uses it, and blocks while the server works, for ``longestSilence`` at most.
final class PostgresConnection {
    private let connection: OpaquePointer
    private var prepared: [String: String] = [:]
    private(set) var isInTransaction = false
    /// Whether the session can still execute statements.
    private(set) var isUsable = true
    var longestSilence: Duration
    /// The deadline of the request that uses the session; nil for work without a request.
    var deadline: RequestDeadline?
    /// Whether the session was given up because of a request's deadline rather than the server's silence. That says nothing
    /// about other sessions.
    private(set) var wasCutShort = false
    /// Whether a statement's plan is reused for other values. Such a plan prunes partitions at execution instead of planning.
    /// Planning for many partitions takes longer than reading a page. nil keeps the current setting, for statements that are
    /// indifferent to it.
    var reusesPlans: Bool? = false
    /// The setting that the server has, and the one before the transaction, to which a rollback returns.
    private var hasReusedPlans = false
    private var hadReusedPlans = false
    /// The pool's count of lost sessions when this one was opened.
    var losses = 0
    /// The numbers of names that this session has read or made. They end with it: after a failover to a standby without the
    /// newest ones, the same numbers may mean something else.
    var names = Names()
    /// How far back the first pages of lists went.
    var newestRuns: [NewestRuns: PartitionMonth] = [:]
    /// Whether the database has the indexes of texts, as far as the session knows.
    var knowsTextIndexes = false
    /// How long the server may look up a word; see ``PostgresSettings/lookUpTime``.
    var lookUpTime = PostgresSettings.usualLookUpTime
    /// The words that were looked up in this transaction; nil for those that were given up.
    var foundWords: [PlacedWord: FoundWord?] = [:]
    /// The server's cluster; nil until it is read.
    var cluster: Int64?
    /// The author of the changes of this transaction, for the audit log; nil for the service itself.
    var actor: AuditActor?
    /// The timeline that the server followed at the last check.
    var timeline: LogTimeline?

    /// Connects to the first address that accepts.
    /// - Throws: ``PostgresFailure``
    init(_ parameters: [String: String], longestSilence: Duration) throws(PostgresFailure) {
        self.longestSilence = longestSilence
        let sorted = parameters.sorted { $0.key < $1.key }
        let started = Self.withCStrings(sorted.map(\.key)) { keywords in
            Self.withCStrings(sorted.map(\.value)) { values in PQconnectStartParams(keywords, values, 0) }
        }
        guard let started else { throw PostgresFailure(.unreachable, message: "out of memory") }
        do throws(PostgresFailure) {
            try Self.finishConnecting(started)
        } catch {
            PQfinish(started)
            throw error
        }
        connection = started
        PQsetnonblocking(connection, 1)
        // Notices of the server, for example that a table exists already.
        PQsetNoticeProcessor(connection, { _, _ in }, nil)
    }

    deinit {
        PQfinish(connection)
    }

    private static func finishConnecting(_ connection: OpaquePointer) throws(PostgresFailure) {
        var status = PGRES_POLLING_WRITING
        while status != PGRES_POLLING_OK {
            guard status != PGRES_POLLING_FAILED, PQstatus(connection) != CONNECTION_BAD else {
                throw PostgresFailure(.unreachable, message: PostgresFailure.text(PQerrorMessage(connection)))
            }
            let events: SocketWait.Events = status == PGRES_POLLING_READING ? .readable : .writable
            guard SocketWait.wait(for: events, on: PQsocket(connection), atMost: PostgresSettings.connectTimeout) else {
                throw PostgresFailure(.unreachable, message: "the server did not answer in time")
            }
            status = PQconnectPoll(connection)
        }
    }

    /// For `poll`. Constant while the session lasts.
    var socket: Int32 { PQsocket(connection) }

    /// As 150002 for 15.2.
    var serverVersion: Int { Int(PQserverVersion(connection)) }

    /// Checks whether the server has ended the session, without a statement. A server sends data unasked when it ends a
    /// session. When it only reports a new setting, the session is replaced needlessly.
    func checkIsAlive() -> Bool {
        if isUsable, SocketWait.wait(for: .readable, on: socket, atMost: .zero) { isUsable = false }
        return isUsable
    }

    // MARK: Statements

    /// Executes one or more statements without values, and returns the answer to the last.
    @discardableResult
    func control(_ sql: String) throws(PostgresFailure) -> QueryResult {
        try ask { PQsendQuery(connection, sql) }
    }

    /// Executes a statement, prepared at its first use in the session.
    func execute(_ sql: String, _ values: [any SQLValue]) throws(PostgresFailure) -> QueryResult {
        try setPlanCacheMode()
        let name = try prepare(sql, values)
        let binding = ValueBinding(values)
        return try ask {
            binding.withPointers { values, lengths, formats in
                PQsendQueryPrepared(connection, name, Int32(binding.count), values, lengths, formats, 1)
            }
        }
    }

    /// Inside a transaction that costs a round trip more than before it.
    func setPlanCacheMode() throws(PostgresFailure) {
        guard let reusesPlans, reusesPlans != hasReusedPlans else { return }
        try control("SET plan_cache_mode = \(reusesPlans ? "force_generic_plan" : "force_custom_plan")")
        hasReusedPlans = reusesPlans
    }

    private func prepare(_ sql: String, _ values: [any SQLValue]) throws(PostgresFailure) -> String {
        if let name = prepared[sql] { return name }
        // Reused plans take memory of the server, a few hundred KiB each where there are many partitions.
        if reusesPlans == true, prepared.count >= PostgresSettings.preparedStatements {
            try control("DEALLOCATE ALL")
            prepared = [:]
        }
        let name = "s\(prepared.count)"
        let oids = values.map { SQLType(of: $0).rawValue }
        try ask { PQsendPrepare(connection, name, sql, Int32(oids.count), oids) }
        prepared[sql] = name
        return name
    }

    /// Sends a request and waits for its complete answer.
    @discardableResult
    private func ask(_ send: () -> Int32) throws(PostgresFailure) -> QueryResult {
        guard isUsable, send() == 1 else { throw lost() }
        try flush()
        var last: QueryResult?
        while let answer = try nextAnswer() {
            // The first failure causes all that follow.
            if last?.isFailure != true { last = answer }
        }
        guard PQstatus(connection) == CONNECTION_OK, let last else { throw lost(last?.failure.message) }
        guard last.isFailure else { return last }
        let failure = last.failure
        // A server that has become a standby refuses writes: the next request connects again, to the primary.
        if failure.isRefusal(.readOnlyTransaction) { throw lost(failure.message) }
        throw failure
    }

    private func flush() throws(PostgresFailure) {
        while true {
            switch PQflush(connection) {
            case 0: return
            case 1:
                // The server may send before it continues reading.
                try wait(for: [.readable, .writable])
                guard PQconsumeInput(connection) == 1 else { throw lost() }
            default: throw lost()
            }
        }
    }

    private func nextAnswer() throws(PostgresFailure) -> QueryResult? {
        while PQisBusy(connection) == 1 {
            try wait(for: .readable)
            guard PQconsumeInput(connection) == 1 else { throw lost() }
        }
        return PQgetResult(connection).map(QueryResult.init)
    }

    /// Waits for the server, for ``longestSilence`` and until the request's deadline at most.
    private func wait(for events: SocketWait.Events) throws(PostgresFailure) {
        let rest = deadline.map { max(.zero, $0.rest) } ?? longestSilence
        let limit = min(rest, longestSilence)
        guard !SocketWait.wait(for: events, on: socket, atMost: limit) else { return }
        wasCutShort = limit < longestSilence / 2
        throw lost("the server said nothing for \(limit)")
    }

    private func lost(_ reason: String? = nil) -> PostgresFailure {
        isUsable = false
        let message = reason ?? PostgresFailure.text(PQerrorMessage(connection))
        return PostgresFailure(.lost, message: message.isEmpty ? "the connection is closed" : message)
    }

    // MARK: Transactions

    func begin(_ sql: String = "BEGIN") throws(PostgresFailure) {
        try control(sql)
        isInTransaction = true
        foundWords = [:]
        hadReusedPlans = hasReusedPlans
    }

    func commit() throws(PostgresFailure) {
        isInTransaction = false
        try control("COMMIT")
        names.keep()
    }

    /// A session that cannot roll back is not used again.
    func rollBack() {
        guard isInTransaction else { return }
        isInTransaction = false
        hasReusedPlans = hadReusedPlans
        names.forget()
        guard isUsable else { return }
        do { try control("ROLLBACK") } catch { isUsable = false }
    }

    // MARK: Notifications

    /// The notifications from other sessions that have arrived.
    /// - Throws: ``PostgresFailure`` when the session is over.
    func takeNotifications() throws(PostgresFailure) -> [String] {
        guard isUsable, PQconsumeInput(connection) == 1 else { throw lost() }
        var payloads: [String] = []
        while let notification = PQnotifies(connection) {
            payloads.append(notification.pointee.extra.map { String(cString: $0) } ?? "")
            PQfreemem(notification)
        }
        return payloads
    }

    /// Passes an array of C strings that ends with NULL.
    private static func withCStrings<Value>(
        _ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Value?
    ) -> Value? {
        var bytes: [CChar] = []
        var offsets: [Int] = []
        for text in texts {
            offsets.append(bytes.count)
            bytes += text.utf8CString
        }
        return bytes.withUnsafeBufferPointer { buffer in
            let pointers: [UnsafePointer<CChar>?] = offsets.map { offset in buffer.baseAddress.map { $0 + offset } } + [nil]
            return pointers.withUnsafeBufferPointer { $0.baseAddress.flatMap(body) }
        }
    }
}
