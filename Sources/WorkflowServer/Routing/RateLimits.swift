import HTTPTypes
import Synchronization
import WorkflowAPI
import WorkflowModel

/// Counts requests per tenant against its limit: a bucket that holds as many requests as one second allows, and fills evenly.
final class RateLimits: Sendable {
    /// How long a tenant's setting is believed before it is read again.
    static let settingsValidity = Duration.seconds(5)

    /// In thousandths of a request, because a limit of n a second fills a bucket by n thousandths a millisecond.
    private struct Bucket {
        var quota: Int
        var content: Int
        var filledAt: Timestamp
        var readAt: Timestamp
    }

    private let store: any WorkflowStore
    private let time: any TimeSource
    private let standard: Int
    private let buckets = Mutex<[Tenant: Bucket]>([:])

    init(store: any WorkflowStore, time: any TimeSource, standard: Int) {
        self.store = store
        self.time = time
        self.standard = standard
    }

    /// How the tenant stands, without counting anything; nil when it has no limit.
    func standing(of tenant: Tenant) async throws -> RateLimitState? {
        try await refresh(tenant)
        return take(0, of: tenant).state
    }

    /// Counts one request.
    /// - Throws: ``APIError`` (429) when there is no room for it.
    func count(_ tenant: Tenant) async throws -> RateLimitState? {
        let (state, isAllowed) = take(1_000, of: tenant)
        guard let state else { return nil }
        guard isAllowed else {
            throw APIError(
                .rateLimited, "The tenant is above its limit of \(state.quota) requests per second; try again in \(state.reset) s.",
                headers: [.retryAfter: String(state.reset)])
        }
        return state
    }

    private func take(_ amount: Int, of tenant: Tenant) -> (state: RateLimitState?, isAllowed: Bool) {
        let now = time.now
        return buckets.withLock { buckets in
            guard var bucket = buckets[tenant], bucket.quota > 0 else { return (nil, true) }
            let elapsed = min(max(0, now.milliseconds - bucket.filledAt.milliseconds), 1_000)
            bucket.content = min(bucket.quota * 1_000, bucket.content + Int(elapsed) * bucket.quota)
            bucket.filledAt = now
            let isAllowed = bucket.content >= amount
            if isAllowed { bucket.content -= amount }
            buckets[tenant] = bucket
            return (RateLimitState(quota: bucket.quota, remaining: bucket.content / 1_000, reset: 1), isAllowed)
        }
    }

    private func refresh(_ tenant: Tenant) async throws {
        let now = time.now
        let isFresh = buckets.withLock { buckets in
            guard let readAt = buckets[tenant]?.readAt else { return false }
            return readAt <= now && now < readAt + Self.settingsValidity
        }
        if isFresh { return }
        let quota = try await store.settings(of: tenant).rateLimit ?? standard
        buckets.withLock { buckets in
            var bucket = buckets[tenant] ?? Bucket(quota: quota, content: quota * 1_000, filledAt: now, readAt: now)
            if bucket.quota != quota {
                bucket.quota = quota
                bucket.content = min(bucket.content, quota * 1_000)
            }
            bucket.readAt = now
            buckets[tenant] = bucket
        }
    }
}
