public import Logging
public import WorkflowModel

/// A node's way to buckets that all nodes share, which are in a store and so a round trip away.
///
/// Requests that wait at the same time go in one round trip. Where the quota is high, a little more is taken than is waiting,
/// and handed out here for as long as it is good. What is taken is gone from the shared bucket, so that all nodes together
/// never admit more than one would, but for what was taken and not handed out yet. A tenant that is above its limit costs no
/// round trips: a bucket tells when there will be something in it again.
///
/// While the store does not answer, or not soon, this node counts by itself: a limit is not worth refusing everything for, nor
/// is it worth making anybody wait.
public actor SharedRequestBuckets: RequestBuckets {
    /// A node takes a fiftieth of what a second allows at once, and what is waiting if that is more.
    static let batchesPerSecond = 50
    /// How long what was taken may be handed out.
    static let validity = Duration.milliseconds(200)
    /// How long the store has time to answer.
    static let patience = Duration.seconds(1)
    /// How long a store that did not answer is not asked again.
    static let distrust = Duration.seconds(1)

    private struct Stock {
        /// Taken and not handed out.
        var requests = 0
        var takenAt: Timestamp
        /// The shared bucket as it was at the last answer, filling as it does there while nobody takes.
        var shared: RequestBucket
        /// Set when the shared bucket had less than was asked for.
        var isEmptyUntil: Timestamp?
        /// Requests that wait.
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
    private var troubleAt: Timestamp?

    public init(over shared: any RequestBuckets, time: any TimeSource, logger: Logger) {
        self.shared = shared
        self.time = time
        self.logger = logger
    }

    /// To look costs no round trip.
    public func take(upTo wanted: Int, of tenant: Tenant, quota: Int, at now: Timestamp) async -> RequestsTaken {
        while true {
            if isInTrouble(at: now) { return own.take(upTo: wanted, of: tenant, quota: quota, at: now) }
            var stock = stocks[tenant] ?? Stock(takenAt: now, shared: RequestBucket(quota: quota, at: now))
            if !now.isWithin(Self.validity, of: stock.takenAt) { stock.requests = 0 }
            let count = min(wanted, stock.requests)
            stock.requests -= count
            let left = stock.shared.take(upTo: 0, quota: quota, at: now).left + stock.requests * 1_000
            stocks[tenant] = stock
            if count > 0 || wanted == 0 || stock.isEmpty(at: now) {
                return RequestsTaken(count: count, left: min(left, quota * 1_000))
            }
            guard await fetch(wanted, of: tenant, quota: quota, at: now) else {
                return own.take(upTo: wanted, of: tenant, quota: quota, at: now)
            }
        }
    }

    /// Waits for an answer of the shared bucket: the one that is on its way, or else a new one.
    /// - Returns: whether it came.
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
                try await shared.take(upTo: batch, of: tenant, quota: quota, at: now)
            }
            troubleAt = nil
            let bucket = RequestBucket(quota: quota, content: taken.left, at: now)
            stocks[tenant]?.requests = taken.count
            stocks[tenant]?.takenAt = now
            stocks[tenant]?.shared = bucket
            stocks[tenant]?.isEmptyUntil = taken.count < batch ? bucket.nextRequest : nil
            return true
        } catch {
            if troubleAt == nil {
                let reason = (error as? StoreError)?.message ?? "\(error)"
                logger.warning(
                    "the shared rate limit does not answer; this node counts by itself", metadata: ["reason": "\(reason)"])
            }
            // The clock of whoever asked may have been read long ago.
            troubleAt = max(now, time.now)
            return false
        }
    }

    /// What is asked for, unless it takes too long. Then nobody waits for it any more, and what it takes all the same is lost:
    /// that admits nobody too many.
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

    private func isInTrouble(at now: Timestamp) -> Bool {
        troubleAt.map { now.isWithin(Self.distrust, of: $0) } ?? false
    }
}

extension Timestamp {
    /// Requests do not come in the order in which they read the clock; but a clock that was set back is believed.
    fileprivate func isWithin(_ duration: Duration, of instant: Timestamp) -> Bool {
        self < instant + duration && instant < self + RequestBucket.greatestSkew
    }
}
