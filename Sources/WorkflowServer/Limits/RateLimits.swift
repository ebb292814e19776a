import HTTPTypes
import Synchronization
import WorkflowAPI
import WorkflowModel

/// Counts the requests of each tenant against its rate limit.
final class RateLimits: Sendable {
    /// How long a tenant's setting is cached.
    static let settingsValidity = Duration.seconds(5)

    private struct Setting {
        /// 0 for no limit.
        var quota: Int
        var readAt: Timestamp
    }

    private let tenants: any TenantStore
    private let buckets: any RequestBuckets
    private let time: any TimeSource
    private let standard: Int
    private let settings = Mutex<[Tenant: Setting]>([:])

    init(tenants: any TenantStore, buckets: any RequestBuckets, time: any TimeSource, standard: Int) {
        self.tenants = tenants
        self.buckets = buckets
        self.time = time
        self.standard = standard
    }

    /// The state of the tenant's limit, without counting a request; nil for no limit.
    func state(of tenant: Tenant) async throws -> RateLimitState? {
        try await take(0, of: tenant)?.state
    }

    /// Counts one request.
    /// - Throws: ``APIError`` (429) when the tenant is above its limit.
    func count(_ tenant: Tenant) async throws -> RateLimitState? {
        guard let (state, count) = try await take(1, of: tenant) else { return nil }
        guard count == 1 else {
            throw APIError(
                .rateLimited, "The tenant is above its limit of \(state.quota) requests per second. Try again in \(state.reset) s.",
                headers: [.retryAfter: String(state.reset)])
        }
        return state
    }

    private func take(_ wanted: Int, of tenant: Tenant) async throws -> (state: RateLimitState, count: Int)? {
        let now = time.now
        let quota = try await quota(of: tenant, at: now)
        guard quota > 0 else { return nil }
        let taken = try await buckets.take(RequestDemand(upTo: wanted, of: tenant, quota: quota), at: now)
        return (RateLimitState(quota: quota, remaining: taken.left / 1_000, reset: 1), taken.count)
    }

    private func quota(of tenant: Tenant, at now: Timestamp) async throws -> Int {
        let known = settings.withLock { $0[tenant] }
        if let known, known.readAt <= now, now < known.readAt + Self.settingsValidity { return known.quota }
        let quota = try await tenants.settings(of: tenant).rateLimit ?? standard
        settings.withLock { $0[tenant] = Setting(quota: quota, readAt: now) }
        return quota
    }
}
