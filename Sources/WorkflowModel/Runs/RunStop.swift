/// The request that stopped a run.
public struct RunStop: Hashable, Sendable {
    public var requestedAt: Timestamp
    public var requestedBy: Principal

    public init(requestedAt: Timestamp, requestedBy: Principal) {
        self.requestedAt = requestedAt
        self.requestedBy = requestedBy
    }
}
