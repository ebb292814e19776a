import Synchronization
import WorkflowModel
import WorkflowPages

/// The total and the chart above a list that is followed: counted again after a change, and not more often than every ``interval``.
final class FollowedCounts: Sendable {
    static let interval = Duration.seconds(5)

    private struct Answer {
        var counts: HistoryCounts
        var at: Timestamp
        /// The change number of the store before the question; nil when it cannot say whether something has changed.
        var changeNumber: UInt64?
    }

    private let service: PageService
    private let last = Mutex<Answer?>(nil)

    init(by service: PageService) {
        self.service = service
    }

    /// - Returns: nil on later pages, whose counts do not follow.
    func counts(_ watch: HistoryWatch, of tenant: Tenant, at now: Timestamp) async throws
        -> HistoryCounts?
    {
        guard watch.since != nil else { return nil }
        let number = service.stores.lists.changeNumber
        if let answer = last.withLock({ $0 }) {
            let isSame = number != nil && number == answer.changeNumber
            if isSame || now - answer.at < Self.interval { return answer.counts }
        }
        var query = RunQuery(tenant: tenant, filter: watch.address.filter, limit: 1, withTotal: true)
        query.limitWork(to: service.api.settings.searchTime)
        let total = try await service.stores.lists.runs(matching: query).total
        let counts = try await service.counts(of: watch.address, total: total, tenant: tenant, at: now)
        last.withLock { $0 = Answer(counts: counts, at: now, changeNumber: number) }
        return counts
    }
}
