import Testing

@Suite("Classification of commits by the proxy")
struct ConversationTests {
    private static func message(_ type: Character, _ body: String) -> [UInt8] {
        let length = UInt32(body.utf8.count + 4)
        return Array(String(type).utf8) + (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * $0)) } + Array(body.utf8)
    }

    private static func opened() -> Conversation {
        var conversation = Conversation()
        conversation.clientSaid([0, 0, 0, 9, 0, 3, 0, 0, 0])
        return conversation
    }

    /// The client's messages after a transaction that executes a prepared statement.
    private static func end(_ sql: [String], tag: String = "COMMIT", ready: String = "I") -> Conversation.Reply? {
        var conversation = opened()
        for (number, text) in sql.enumerated() {
            conversation.clientSaid(message("P", "s\(number)\0\(text)\0\0\0"))
            conversation.clientSaid(message("B", "\0s\(number)\0\0\0"))
        }
        conversation.clientSaid(message("Q", "COMMIT\0"))
        return conversation.serverSaid(message("C", "\(tag)\0") + message("Z", ready)).last
    }

    @Test(arguments: [
        (["INSERT INTO runs (id) VALUES ($1)"], Conversation.Purpose.start),
        (["INSERT INTO start_keys (key) VALUES ($1)", "INSERT INTO runs (id) VALUES ($1)"], .idempotentStart),
        (["INSERT INTO task_leases (worker) VALUES ($1)"], .claim), (["UPDATE attempts SET ended_at = $1"], .result),
        (["DELETE FROM keys"], .other),
    ])
    func aCommitIsKnownByWhatWasWritten(sql: [String], purpose: Conversation.Purpose) {
        let bytes = Self.message("C", "COMMIT\0") + Self.message("Z", "I")
        #expect(Self.end(sql) == .commit(bytes, purpose))
    }

    @Test func readsAndRollbacksAreNoCommits() {
        #expect(Self.end(["SELECT id FROM runs"]) == .bytes(Self.message("C", "COMMIT\0") + Self.message("Z", "I")))
        let takenBack = Self.end(["DELETE FROM keys"], tag: "ROLLBACK")
        #expect(takenBack == .bytes(Self.message("C", "ROLLBACK\0") + Self.message("Z", "I")))
        let goesOn = Self.end(["DELETE FROM keys"], tag: "DELETE 1", ready: "T")
        #expect(goesOn == .bytes(Self.message("C", "DELETE 1\0") + Self.message("Z", "T")))
    }

    @Test func messagesMayArriveInAnyPieces() {
        let text = Self.message("T", "row") + Self.message("D", "") + Self.message("C", "SELECT 1\0") + Self.message("Z", "I")
        for size in 1...text.count {
            var conversation = Self.opened()
            var heard: [UInt8] = []
            for start in stride(from: 0, to: text.count, by: size) {
                let piece = text[start..<min(start + size, text.count)]
                for case .bytes(let bytes) in conversation.serverSaid(piece) { heard += bytes }
            }
            #expect(heard == text)
        }
    }
}
