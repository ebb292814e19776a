/// Follows the messages between a client of PostgreSQL and its server, to classify commits.
struct Conversation {
    /// The purpose of a committed transaction, by its statements.
    enum Purpose: Hashable, CaseIterable {
        /// A run was started.
        case start
        /// A run was started, with an idempotency key.
        case idempotentStart
        /// Tasks were claimed.
        case claim
        /// An attempt ended.
        case result
        /// Any other write.
        case other
    }

    private var client = PostgresMessages(ofClient: true)
    private var server = PostgresMessages(ofClient: false)
    /// The texts of prepared statements, by their names.
    private var prepared: [String: String] = [:]
    /// The statements of the current transaction.
    private var statements: [String] = []
    /// The server's messages from the end of a statement until it is ready for the next one. Only then is a commit recognizable.
    private var held: [PostgresMessage] = []

    mutating func clientSaid(_ bytes: some Collection<UInt8>) {
        for message in client.add(bytes) {
            switch message.type {
            case "Q": statements += message.texts(1)
            case "P":
                let texts = message.texts(2)
                if texts.count == 2 { prepared[texts[0]] = texts[1] }
            case "B":
                let names = message.texts(2)
                if names.count == 2, let text = prepared[names[1]] { statements.append(text) }
            default: break
            }
        }
    }

    /// The messages for the client.
    enum Reply: Equatable {
        case bytes([UInt8])
        /// The answer to a commit.
        case commit([UInt8], Purpose)
    }

    mutating func serverSaid(_ bytes: some Collection<UInt8>) -> [Reply] {
        var replies: [Reply] = []
        for message in server.add(bytes) {
            switch message.type {
            case "C": held.append(message)
            case "Z":
                held.append(message)
                replies.append(answered(isIdle: message.body.first == UInt8(ascii: "I")))
            // Messages outside statements, and those that COPY waits for, are passed on immediately.
            case _ where held.isEmpty: replies.append(.bytes(message.bytes))
            default: held.append(message)
            }
        }
        return replies
    }

    private mutating func answered(isIdle: Bool) -> Reply {
        let bytes = held.flatMap(\.bytes)
        let tags = held.filter { $0.type == "C" }.flatMap { $0.texts(1) }
        held = []
        guard isIdle else { return .bytes(bytes) }
        defer { statements = [] }
        guard !tags.isEmpty, !tags.contains("ROLLBACK"), let purpose else { return .bytes(bytes) }
        return .commit(bytes, purpose)
    }

    /// nil for a transaction without writes.
    private var purpose: Purpose? {
        func wrote(_ words: String) -> Bool { statements.contains { $0.contains(words) } }
        guard wrote("INSERT INTO") || wrote("UPDATE") || wrote("DELETE FROM") else { return nil }
        if wrote("INSERT INTO runs") { return wrote("INSERT INTO start_keys") ? .idempotentStart : .start }
        if wrote("INSERT INTO task_leases") { return .claim }
        return wrote("UPDATE attempts") ? .result : .other
    }
}
