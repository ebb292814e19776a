/// The faults that a proxy injects.
struct ProxyFaults {
    /// The delay of every piece of an answer.
    var delay: Duration?
    /// The server's answers do not arrive; the connection stays open.
    var swallows = false
    /// No bytes pass in either direction. Connections stay open and new ones are accepted, as in a network partition.
    var hangs = false
    /// After a commit of these kinds, no more bytes of its connection arrive.
    var hangsAfter: Set<Conversation.Purpose> = []
    /// No connection is accepted.
    var refuses = false
    /// The number of further commits of each kind whose answer is lost: the connection is cut instead.
    var commitsToLose: [Conversation.Purpose: Int] = [:]

    /// - Returns: whether the answer to this commit is to be lost.
    mutating func loses(_ purpose: Conversation.Purpose) -> Bool {
        guard let left = commitsToLose[purpose], left > 0 else { return false }
        commitsToLose[purpose] = left - 1
        return true
    }
}

/// Counts of injected faults.
struct ProxyRecord {
    var connections = 0
    var refused = 0
    var cut = 0
    var delayed = 0
    /// Bytes of answers that did not arrive.
    var swallowed = 0
    var lostCommits: [Conversation.Purpose: Int] = [:]
    /// Commits whose connection hung afterwards.
    var hungCommits: [Conversation.Purpose: Int] = [:]
}
