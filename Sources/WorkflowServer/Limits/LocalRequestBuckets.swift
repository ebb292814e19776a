import Synchronization
public import WorkflowModel

/// Request buckets in memory, for a service of one process.
public final class LocalRequestBuckets: RequestBuckets {
    private let buckets = Mutex<[Tenant: RequestBucket]>([:])

    public init() {}

    public func take(_ demand: RequestDemand, at now: Timestamp) -> RequestsTaken {
        buckets.withLock { buckets in
            buckets[demand.tenant, default: RequestBucket(quota: demand.quota, at: now)]
                .take(upTo: demand.wanted, quota: demand.quota, at: now)
        }
    }
}
