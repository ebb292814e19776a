import StoreCore
import WorkflowModel

/// A list whose first page is requested without windows: the common case.
///
/// A session remembers how far back its last such page went, and reads that month and later ones first. A server prepares
/// each month that a statement may need before it reads the first row, which takes longer than reading the page. A page that
/// is not full is read again without that bound, so that the memory never changes a result.
struct NewestRuns: Hashable {
    /// Most lists that a session remembers. When it is reached, all are dropped.
    static let capacity = 1_000

    private var tenant: Int
    private var filter: RunFilter
    private var limit: Int

    /// nil for other pages, and for lists with windows.
    init?(_ query: RunQuery, _ selection: RunSelection) {
        guard query.sort == RunSort(by: .created), query.after == nil, query.before == nil else { return nil }
        guard query.filter.created == nil, query.filter.ended == nil else { return nil }
        (tenant, filter, limit) = (selection.tenant, query.filter, query.limit)
    }
}

extension PostgresConnection {
    /// The runs of a page whose walks find nothing else, and one more where the list continues.
    func page(of query: RunQuery, _ selection: RunSelection, _ walks: RunWalks) throws -> [ListedRun] {
        guard let list = NewestRuns(query, selection) else { return try read(query, selection, walks) }
        var found: [ListedRun] = []
        if let month = newestRuns[list] {
            var recent = query
            recent.filter.created = TimeWindow(from: month.begin)
            found = try read(recent, selection, walks)
        }
        if found.count <= query.limit { found = try read(query, selection, walks) }
        remember(found, of: list, isFull: found.count > query.limit)
        return found
    }

    private func read(_ query: RunQuery, _ selection: RunSelection, _ walks: RunWalks) throws -> [ListedRun] {
        let list = RunListStatement(query, selection, walks)
        return try rows(list.page, values: list.pageValues) { try $0.nextListedRun() }
    }

    private func remember(_ found: [ListedRun], of list: NewestRuns, isFull: Bool) {
        if newestRuns.count >= NewestRuns.capacity { newestRuns.removeAll() }
        newestRuns[list] = isFull ? found.last.map { PartitionMonth(of: $0.createdAt) } : nil
    }
}
