public import Logging
public import WorkflowModel

/// Request buckets that all nodes share through the store.
///
/// Requests that wait at the same time share one round trip. With a high quota a node takes a few tokens in advance and hands them out
/// for a short time. Taken tokens are gone from the shared bucket, so all nodes together admit no more than one node would, except for
/// tokens taken in advance. A tenant above its limit costs no round trips: the bucket tells when it will have tokens again.
///
/// While the store does not answer in time, the node counts by itself: a rate limit must not refuse or delay requests.
public actor SharedRequestBuckets: RequestBuckets {
    /// A node takes a fiftieth of the quota at once, or as many tokens as requests wait if that is more.
    static let batchesPerSecond = 50
    /// How long tokens taken in advance may be handed out.
    static let validity = Duration.milliseconds(200)
    /// The time limit for an answer of the store.
    static let patience = Duration.seconds(1)
    /// The pause after a store did not answer.
    static let distrust = Duration.seconds(1)

    private struct Stock {
        /// Tokens taken and not handed out.
        var requests = 0
        var takenAt: Timestamp
        /// The shared bucket at the last answer. It fills here as it does there.
        var shared: RequestBucket
        /// Set when the shared bucket had fewer tokens than requested.
        var isEmptyUntil: Timestamp?
        /// Waiting requests.
        var waiting = 0
        var fetch: Task<Bool, Never>?

        func isEmpty(at now: Timestamp) -> Bool {
            isEmptyUntil.map { now.isWithin($0 - takenAt, of: takenAt) } ?? false
        }
    }

    private let shared: any RequestBuckets
    private let time: any TimeSource
    private let logger: Logger
    private let own = LocalRequestBuckets()
    private var stocks: [Tenant: Stock] = [:]
    private var storeFailedAt: Timestamp?

    public init(over shared: any RequestBuckets, time: any TimeSource, logger: Logger) {
        self.shared = shared
        self.time = time
        self.logger = logger
    }

    /// Reading the state costs no round trip.
    public func take(_ demand: RequestDemand, at now: Timestamp) async -> RequestsTaken {
        let (tenant, quota) = (demand.tenant, demand.quota)
        while true {
            if isStoreUnavailable(at: now) { return own.take(demand, at: now) }
            var stock = stocks[tenant] ?? Stock(takenAt: now, shared: RequestBucket(quota: quota, at: now))
            if !now.isWithin(Self.validity, of: stock.takenAt) { stock.requests = 0 }
            let count = min(demand.wanted, stock.requests)
            stock.requests -= count
            let left = stock.shared.take(upTo: 0, quota: quota, at: now).left + stock.requests * 1_000
            stocks[tenant] = stock
            if count > 0 || demand.wanted == 0 || stock.isEmpty(at: now) {
                return RequestsTaken(count: count, left: min(left, quota * 1_000))
            }
            guard await fetch(demand.wanted, of: tenant, quota: quota, at: now) else {
                return own.take(demand, at: now)
            }
        }
    }

    /// Waits for an answer of the shared bucket: of the request under way, or else of a new one.
    /// - Returns: whether the answer came in time.
    private func fetch(_ wanted: Int, of tenant: Tenant, quota: Int, at now: Timestamp) async -> Bool {
        stocks[tenant]?.waiting += wanted
        let fetch =
            stocks[tenant]?.fetch
            ?? Task {
                let batch = max(quota / Self.batchesPerSecond, stocks[tenant]?.waiting ?? 0)
                return await ask(for: batch, of: tenant, quota: quota, at: now)
            }
        stocks[tenant]?.fetch = fetch
        let hasAnswered = await fetch.value
        stocks[tenant]?.waiting -= wanted
        return hasAnswered
    }

    private func ask(for batch: Int, of tenant: Tenant, quota: Int, at now: Timestamp) async -> Bool {
        defer { stocks[tenant]?.fetch = nil }
        do {
            let taken = try await answer { [shared] in
                try await shared.take(RequestDemand(upTo: batch, of: tenant, quota: quota), at: now)
            }
            storeFailedAt = nil
            let bucket = RequestBucket(quota: quota, content: taken.left, at: now)
            stocks[tenant]?.requests = taken.count
            stocks[tenant]?.takenAt = now
            stocks[tenant]?.shared = bucket
            stocks[tenant]?.isEmptyUntil = taken.count < batch ? bucket.nextRequest : nil
            return true
        } catch {
            if storeFailedAt == nil {
                let reason = (error as? StoreError)?.message ?? "\(error)"
                logger.warning(
                    "the shared rate limit does not answer; this node counts by itself", metadata: ["reason": "\(reason)"])
            }
            // The request may have read its clock long ago.
            storeFailedAt = max(now, time.now)
            return false
        }
    }

    /// Takes tokens, unless the store takes too long. Tokens of a late answer are lost, which admits no request too many.
    private func answer(
        _ take: @escaping @Sendable () async throws -> RequestsTaken
    ) async throws -> RequestsTaken {
        let (answers, answer) = AsyncStream.makeStream(of: Result<RequestsTaken, any Error>.self)
        Task {
            do {
                answer.yield(.success(try await take()))
            } catch {
                answer.yield(.failure(error))
            }
        }
        let timer = Task { [time] in
            guard (try? await time.sleep(for: Self.patience)) != nil else { return }
            answer.yield(.failure(StoreError(.unavailable, "It did not answer within \(Self.patience).")))
        }
        defer { timer.cancel() }
        for await first in answers { return try first.get() }
        throw CancellationError()
    }

    private func isStoreUnavailable(at now: Timestamp) -> Bool {
        storeFailedAt.map { now.isWithin(Self.distrust, of: $0) } ?? false
    }
}

extension Timestamp {
    /// Requests arrive in another order than they read the clock. A clock that was set back by more than that is followed.
    fileprivate func isWithin(_ duration: Duration, of instant: Timestamp) -> Bool {
        self < instant + duration && instant < self + RequestBucket.greatestSkew
    }
}
