/// The request that stopped a run.
public struct RunStop: Hashable, Sendable {
    public var requestedAt: Timestamp
    public var requestedBy: Principal
    /// As ``ReasonRule`` accepts it; nil when none was given.
    @Exact public var reason: String?

    public init(requestedAt: Timestamp, requestedBy: Principal, reason: String? = nil) {
        self.requestedAt = requestedAt
        self.requestedBy = requestedBy
        self.reason = reason
    }
}
