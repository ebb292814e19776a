/// Counts requests against the rate limits of tenants: in this process, or in a store that several nodes share.
public protocol RequestBuckets: Sendable {
    /// Takes as many of the wanted requests out of a tenant's bucket as it holds. A bucket is full at first.
    func take(_ demand: RequestDemand, at now: Timestamp) async throws -> RequestsTaken
}

/// The requests that a node wants to admit for a tenant.
public struct RequestDemand: Hashable, Sendable {
    /// 0 to read the bucket without taking anything.
    public var wanted: Int
    public var tenant: Tenant
    /// Requests per second, at least 1. A changed quota counts from now on.
    public var quota: Int

    public init(upTo wanted: Int, of tenant: Tenant, quota: Int) {
        self.wanted = wanted
        self.tenant = tenant
        self.quota = quota
    }
}

/// The requests taken out of a bucket, and the rest in it.
public struct RequestsTaken: Hashable, Sendable {
    public var count: Int
    /// In thousandths of a request.
    public var left: Int

    public init(count: Int, left: Int) {
        self.count = count
        self.left = left
    }
}

/// A bucket that holds as many requests as one second allows, and fills evenly.
public struct RequestBucket: Hashable, Sendable {
    /// Clocks that differ by less do not fill a bucket twice. A clock that was set back by more is accepted.
    public static let greatestSkew = Duration.seconds(2)

    private var quota: Int
    /// In thousandths of a request, because a quota of n a second fills a bucket by n thousandths a millisecond.
    private var content: Int
    private var filledAt: Timestamp

    /// - Parameter content: in thousandths of a request; nil for a full one.
    public init(quota: Int, content: Int? = nil, at now: Timestamp) {
        self.quota = quota
        self.content = content ?? quota * 1_000
        filledAt = now
    }

    /// Refills the bucket for the time that has passed, and takes.
    public mutating func take(upTo wanted: Int, quota: Int, at now: Timestamp) -> RequestsTaken {
        let elapsed = (now - filledAt).milliseconds
        content = min(quota * 1_000, content + Int(min(max(0, elapsed), 1_000)) * quota)
        self.quota = quota
        if elapsed > 0 || elapsed <= -Self.greatestSkew.milliseconds { filledAt = now }
        let count = min(wanted, content / 1_000)
        content -= count * 1_000
        return RequestsTaken(count: count, left: content)
    }

    /// When the bucket will hold a whole request.
    public var nextRequest: Timestamp {
        let missing = max(0, 1_000 - content)
        return filledAt + .milliseconds((missing + quota - 1) / quota)
    }
}
