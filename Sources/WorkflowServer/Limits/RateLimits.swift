import HTTPTypes
import Synchronization
import WorkflowAPI
import WorkflowModel

/// Counts requests per tenant against its limit.
final class RateLimits: Sendable {
    /// How long a tenant's setting is believed before it is read again.
    static let settingsValidity = Duration.seconds(5)

    private struct Setting {
        /// 0 for no limit.
        var quota: Int
        var readAt: Timestamp
    }

    private let store: any WorkflowStore
    private let buckets: any RequestBuckets
    private let time: any TimeSource
    private let standard: Int
    private let settings = Mutex<[Tenant: Setting]>([:])

    init(store: any WorkflowStore, buckets: any RequestBuckets, time: any TimeSource, standard: Int) {
        self.store = store
        self.buckets = buckets
        self.time = time
        self.standard = standard
    }

    /// How the tenant stands, without counting anything; nil when it has no limit.
    func standing(of tenant: Tenant) async throws -> RateLimitState? {
        try await take(0, of: tenant)?.state
    }

    /// Counts one request.
    /// - Throws: ``APIError`` (429) when there is no room for it.
    func count(_ tenant: Tenant) async throws -> RateLimitState? {
        guard let (state, count) = try await take(1, of: tenant) else { return nil }
        guard count == 1 else {
            throw APIError(
                .rateLimited, "The tenant is above its limit of \(state.quota) requests per second; try again in \(state.reset) s.",
                headers: [.retryAfter: String(state.reset)])
        }
        return state
    }

    private func take(_ wanted: Int, of tenant: Tenant) async throws -> (state: RateLimitState, count: Int)? {
        let now = time.now
        let quota = try await quota(of: tenant, at: now)
        guard quota > 0 else { return nil }
        let taken = try await buckets.take(upTo: wanted, of: tenant, quota: quota, at: now)
        return (RateLimitState(quota: quota, remaining: taken.left / 1_000, reset: 1), taken.count)
    }

    private func quota(of tenant: Tenant, at now: Timestamp) async throws -> Int {
        let known = settings.withLock { $0[tenant] }
        if let known, known.readAt <= now, now < known.readAt + Self.settingsValidity { return known.quota }
        let quota = try await store.settings(of: tenant).rateLimit ?? standard
        settings.withLock { $0[tenant] = Setting(quota: quota, readAt: now) }
        return quota
    }
}
