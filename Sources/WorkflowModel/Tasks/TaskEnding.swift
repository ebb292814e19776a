/// The steps by which a worker ended an attempt after a request to stop its run, and the time when nothing of the work was left.
public struct TaskEnding: Hashable, Sendable {
    /// When SIGTERM was first sent to processes of the attempt; nil when none was.
    public var terminatedAt: Timestamp?
    /// When SIGKILL was first sent, after the grace period; nil when none was.
    public var killedAt: Timestamp?
    /// When the HTTP request was canceled; nil for a command.
    public var callCanceledAt: Timestamp?
    /// When the last process, or the request, was confirmed gone.
    public var goneAt: Timestamp

    public init(
        terminatedAt: Timestamp? = nil, killedAt: Timestamp? = nil, callCanceledAt: Timestamp? = nil, goneAt: Timestamp
    ) {
        self.terminatedAt = terminatedAt
        self.killedAt = killedAt
        self.callCanceledAt = callCanceledAt
        self.goneAt = goneAt
    }
}
