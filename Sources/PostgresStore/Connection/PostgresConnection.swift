import CLibPQ
import WorkflowModel

/// A session with a server. It is used by one thread at a time, which waits while the server works; nothing waits longer than
/// ``longestSilence`` for a server that says nothing.
final class PostgresConnection {
    private let connection: OpaquePointer
    private var prepared: [String: String] = [:]
    private(set) var isInTransaction = false
    /// Whether anything can still be asked on it.
    private(set) var isUsable = true
    var longestSilence: Duration
    /// Whether a statement is planned once, for whatever values follow, and not for each execution anew. That rules out partitions
    /// when it is executed rather than when it is planned, and planning for many of them takes longer than reading a page. nil for
    /// what it makes no difference to, and which is to be as it was for whatever was asked before.
    var reusesPlans: Bool? = false
    /// What the server was last told of that, and had been told before the transaction, which a rollback returns to.
    private var hasReusedPlans = false
    private var hadReusedPlans = false
    /// How many sessions its pool had lost when it was opened.
    var losses = 0
    /// The numbers of names that this session has read or made. They go with it: after a failover to a standby that had not
    /// heard of the newest ones, the same numbers may come to mean something else.
    var names = Names()
    /// The months that the first pages of lists went back to.
    var newestRuns: [NewestRuns: PartitionMonth] = [:]
    /// The cluster that its server belongs to, once it was asked.
    var cluster: Int64?
    /// The timeline that its server was last seen to follow.
    var timeline: LogTimeline?

    /// Connects, to the first address that takes it.
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
        // What the server wants to tell beside its answers, such as that a table was there already.
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

    /// For `poll`; changes when libpq says so, never while a session lasts.
    var socket: Int32 { PQsocket(connection) }

    /// As 150002 for 15.2.
    var serverVersion: Int { Int(PQserverVersion(connection)) }

    /// Looks whether the other side has ended the session meanwhile, without asking it anything. A server says something
    /// unasked when it ends a session; when it only tells of a new setting, a session too many is replaced.
    func checkIsAlive() -> Bool {
        if isUsable, SocketWait.wait(for: .readable, on: socket, atMost: .zero) { isUsable = false }
        return isUsable
    }

    // MARK: Statements

    /// Executes statements without values, several of them if need be, and returns the last one's answer.
    @discardableResult
    func control(_ sql: String) throws(PostgresFailure) -> QueryResult {
        try ask { PQsendQuery(connection, sql) }
    }

    /// Executes a statement that the session prepares when it meets it first.
    func execute(_ sql: String, _ values: [any SQLValue]) throws(PostgresFailure) -> QueryResult {
        try tellOfPlans()
        let name = try prepare(sql, types: values.map { type(of: $0).type })
        let binding = ValueBinding(values)
        return try ask {
            binding.withPointers { values, lengths, formats in
                PQsendQueryPrepared(connection, name, Int32(binding.count), values, lengths, formats, 1)
            }
        }
    }

    /// Within a transaction that costs a message more than before it.
    func tellOfPlans() throws(PostgresFailure) {
        guard let reusesPlans, reusesPlans != hasReusedPlans else { return }
        try control("SET plan_cache_mode = \(reusesPlans ? "force_generic_plan" : "force_custom_plan")")
        hasReusedPlans = reusesPlans
    }

    private func prepare(_ sql: String, types: [SQLType]) throws(PostgresFailure) -> String {
        if let name = prepared[sql] { return name }
        // Plans take memory of the server's, a few hundred KiB each where there are many partitions.
        if reusesPlans == true, prepared.count >= PostgresSettings.preparedStatements {
            try control("DEALLOCATE ALL")
            prepared = [:]
        }
        let name = "s\(prepared.count)"
        let oids = types.map(\.rawValue)
        try ask { PQsendPrepare(connection, name, sql, Int32(oids.count), oids) }
        prepared[sql] = name
        return name
    }

    /// Sends a request and waits for all of its answer.
    @discardableResult
    private func ask(_ send: () -> Int32) throws(PostgresFailure) -> QueryResult {
        guard isUsable, send() == 1 else { throw lost() }
        try flush()
        var last: QueryResult?
        while let answer = try nextAnswer() {
            // The first failure is the reason of all that follow.
            if last?.isFailure != true { last = answer }
        }
        guard PQstatus(connection) == CONNECTION_OK, let last else { throw lost(last?.failure.message) }
        guard last.isFailure else { return last }
        let failure = last.failure
        // A server that has become a standby takes no more writes: whoever asks next connects anew, to the primary.
        if failure.isRefusal(.readOnlyTransaction) { throw lost(failure.message) }
        throw failure
    }

    private func flush() throws(PostgresFailure) {
        while true {
            switch PQflush(connection) {
            case 0: return
            case 1:
                // The server may have to be heard before it listens.
                let ready = SocketWait.wait(for: [.readable, .writable], on: socket, atMost: longestSilence)
                guard ready, PQconsumeInput(connection) == 1 else { throw lost() }
            default: throw lost()
            }
        }
    }

    private func nextAnswer() throws(PostgresFailure) -> QueryResult? {
        while PQisBusy(connection) == 1 {
            guard SocketWait.wait(for: .readable, on: socket, atMost: longestSilence) else {
                throw lost("the server said nothing for \(longestSilence)")
            }
            guard PQconsumeInput(connection) == 1 else { throw lost() }
        }
        return PQgetResult(connection).map(QueryResult.init)
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
        hadReusedPlans = hasReusedPlans
    }

    func commit() throws(PostgresFailure) {
        isInTransaction = false
        try control("COMMIT")
        names.keep()
    }

    /// A session that cannot even do that is of no more use.
    func rollBack() {
        guard isInTransaction else { return }
        isInTransaction = false
        hasReusedPlans = hadReusedPlans
        names.forget()
        guard isUsable else { return }
        do { try control("ROLLBACK") } catch { isUsable = false }
    }

    // MARK: Notifications

    /// What other sessions have told this one, as far as it has arrived.
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

    /// An array of C strings that ends with NULL.
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
