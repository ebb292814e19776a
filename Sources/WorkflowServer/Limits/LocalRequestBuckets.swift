import Synchronization
public import WorkflowModel

/// Buckets in this process's memory, for a service that is one process.
public final class LocalRequestBuckets: RequestBuckets {
    private let buckets = Mutex<[Tenant: RequestBucket]>([:])

    public init() {}

    public func take(upTo wanted: Int, of tenant: Tenant, quota: Int, at now: Timestamp) -> RequestsTaken {
        buckets.withLock { buckets in
            buckets[tenant, default: RequestBucket(quota: quota, at: now)].take(upTo: wanted, quota: quota, at: now)
        }
    }
}
