import Synchronization
import WorkflowModel
import WorkflowPages

/// Counts the runs that a page of the history does not show yet, without asking the store more often than necessary.
///
/// A list with an index is asked for at each look. A search, which reads run by run, is asked for again only after a change, and not
/// more often than every ``searchInterval``.
final class NewerRuns: Sendable {
    static let searchInterval = Duration.seconds(5)

    private struct Answer {
        var count: Int
        var at: Timestamp
        /// The change number of the store before the question; nil when it cannot say whether something has changed.
        var changeNumber: UInt64?
    }

    private let lists: any RunListStore
    private let last = Mutex<Answer?>(nil)

    init(lists: any RunListStore) {
        self.lists = lists
    }

    /// - Returns: nil where newer runs are not counted.
    func count(_ watch: HistoryWatch, of tenant: Tenant, at now: Timestamp) async throws -> Int? {
        guard let query = watch.newerQuery(of: tenant) else { return nil }
        let number = lists.changeNumber
        if query.filter.hasAddedConditions, let answer = last.withLock({ $0 }) {
            let isSame = number != nil && number == answer.changeNumber
            if isSame || now - answer.at < Self.searchInterval { return answer.count }
        }
        let count = watch.newer(in: try await lists.runs(matching: query))
        last.withLock { $0 = Answer(count: count, at: now, changeNumber: number) }
        return count
    }
}
