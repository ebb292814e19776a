/// What a client of PostgreSQL and its server have said to each other, as far as it takes to know what a commit was for.
struct Conversation {
    /// What a transaction that has been committed was for, by what it wrote.
    enum Purpose: Hashable, CaseIterable {
        /// A run was started.
        case start
        /// A run was started, with an idempotency key.
        case idempotentStart
        /// An attempt ended.
        case result
        /// Something else was written.
        case other
    }

    private var client = PostgresMessages(ofClient: true)
    private var server = PostgresMessages(ofClient: false)
    /// The texts of prepared statements, by their names.
    private var prepared: [String: String] = [:]
    /// The statements since no transaction was open.
    private var statements: [String] = []
    /// What the server says from the end of a statement on, until it is ready for the next one: only then it is known whether
    /// that was a commit.
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

    /// What the client is to hear of it.
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
            // What belongs to no statement, and what a copy waits for, is not held up.
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

    /// Nil when nothing was written.
    private var purpose: Purpose? {
        func wrote(_ words: String) -> Bool { statements.contains { $0.contains(words) } }
        guard wrote("INSERT INTO") || wrote("UPDATE") || wrote("DELETE FROM") else { return nil }
        if wrote("INSERT INTO runs") { return wrote("INSERT INTO start_keys") ? .idempotentStart : .start }
        return wrote("UPDATE attempts") ? .result : .other
    }
}
