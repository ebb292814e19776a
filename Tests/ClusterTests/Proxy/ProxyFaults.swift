/// What a proxy does to those who speak through it.
struct ProxyFaults {
    /// How long every piece of an answer waits.
    var delay: Duration?
    /// Nothing that the server says arrives, though the connection stays.
    var swallows = false
    /// Nobody gets a connection.
    var refuses = false
    /// How many more commits of each kind happen without their answer arriving: the connection is cut instead.
    var commitsToLose: [Conversation.Purpose: Int] = [:]

    /// - Returns: whether the answer to this commit is to be lost.
    mutating func loses(_ purpose: Conversation.Purpose) -> Bool {
        guard let left = commitsToLose[purpose], left > 0 else { return false }
        commitsToLose[purpose] = left - 1
        return true
    }
}

/// What a proxy did.
struct ProxyRecord {
    var connections = 0
    var refused = 0
    var cut = 0
    var delayed = 0
    /// Bytes of answers that did not arrive.
    var swallowed = 0
    var lostCommits: [Conversation.Purpose: Int] = [:]
}
