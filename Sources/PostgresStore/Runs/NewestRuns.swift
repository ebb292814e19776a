import WorkflowModel

/// A list whose first page is asked for without windows: what everybody looks at who watches.
///
/// A session remembers how far back its last such page went, and asks for that month and those after it first. A server makes each
/// month that a statement may need ready before it reads the first row, which takes longer than to read the page, and the longer
/// the more months there are. What was remembered decides nothing: a page that is not full is asked for again without it.
struct NewestRuns: Hashable {
    /// Lists that a session remembers; beyond, it forgets all.
    static let capacity = 1_000

    private var tenant: Int
    private var type: Int?
    private var state: RunState?
    private var limit: Int

    /// nil for other pages, and for lists with windows.
    init?(_ query: RunQuery, tenant: Int, type: Int?) {
        guard query.after == nil, query.before == nil, query.filter.created == nil, query.filter.ended == nil else { return nil }
        (self.tenant, self.type, limit) = (tenant, type, query.limit)
        state = query.filter.state.flatMap { RunState(rawValue: $0.rawValue) }
    }
}

extension PostgresConnection {
    /// The runs of a page, and one more where the list goes on.
    func page(of query: RunQuery, tenant: Int, type: Int?) throws -> [ListedRun] {
        guard let list = NewestRuns(query, tenant: tenant, type: type) else { return try read(query, tenant: tenant, type: type) }
        var found: [ListedRun] = []
        if let month = newestRuns[list] {
            var recent = query
            recent.filter.created = TimeWindow(from: month.begin)
            found = try read(recent, tenant: tenant, type: type)
        }
        if found.count <= query.limit { found = try read(query, tenant: tenant, type: type) }
        remember(found, of: list, isFull: found.count > query.limit)
        return found
    }

    private func read(_ query: RunQuery, tenant: Int, type: Int?) throws -> [ListedRun] {
        let list = RunListStatement(query, tenant: tenant, type: type)
        return try rows(list.page, values: list.pageValues) { try $0.nextListedRun() }
    }

    private func remember(_ found: [ListedRun], of list: NewestRuns, isFull: Bool) {
        if newestRuns.count >= NewestRuns.capacity { newestRuns.removeAll() }
        newestRuns[list] = isFull ? found.last.map { PartitionMonth(of: $0.createdAt) } : nil
    }
}
