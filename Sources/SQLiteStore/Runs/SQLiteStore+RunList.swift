import GRDB
public import WorkflowModel

extension SQLiteStore {
    public func runs(matching query: RunQuery) async throws -> RunPage {
        let nothing = RunPage(runs: [], total: query.withTotal ? 0 : nil)
        // A state that only tasks can be in.
        if let state = query.filter.state, RunState(rawValue: state.rawValue) == nil { return nothing }
        return try await read { database in
            guard let tenant = try database.number(of: query.tenant) else { return nothing }
            var type: Int64?
            if let name = query.filter.type {
                type = try database.number(ofType: name, in: tenant)
                if type == nil { return nothing }
            }
            let list = RunListStatement(query, tenant: tenant, type: type)
            var runs = try database.prepared(list.page).rows(list.pageValues) { try $0.nextRun(of: query.tenant) }
            // One more than asked for was fetched, to see whether there is another page.
            let hasMore = runs.count > query.limit
            if hasMore { runs.removeLast() }
            let total =
                query.withTotal ? try database.prepared(list.count).rows(list.countValues) { try $0.next(Int.self) }.first : nil
            let next = hasMore ? runs.last.flatMap { RunCursor(of: $0, in: query.filter.order) } : nil
            return RunPage(runs: runs, next: next, total: total)
        }
    }
}

/// The statements for a page of a list and for its total, chosen by which filters there are.
///
/// Each walks one index from the newest match down, in the order of the answer: nothing is sorted and nothing that comes
/// before the page is touched. The index is named, so that a plan that could not use it would be an error.
struct RunListStatement {
    private(set) var page: String
    private(set) var pageValues: [any SQLValue]
    private(set) var count: String
    private(set) var countValues: [any SQLValue]

    init(_ query: RunQuery, tenant: Int64, type: Int64?) {
        let filter = query.filter
        let order = filter.order
        let column = order == .created ? "created_at" : "ended_at"
        var index = "runs"
        var conditions = "r.tenant = ?"
        var values: [any SQLValue] = [tenant]

        func add(_ condition: String, _ value: any SQLValue) {
            conditions += " AND " + condition
            values.append(value)
        }

        if let type {
            index += "_type"
            add("r.type = ?", type)
        }
        if let state = filter.state.flatMap({ RunState(rawValue: $0.rawValue) }) {
            index += "_state"
            add("r.state = ?", state)
        }
        index += order == .created ? "_created" : "_ended"
        if let from = filter.created?.from { add("r.created_at >= ?", from) }
        if filter.ended != nil {
            conditions += " AND r.ended_at IS NOT NULL"
            if let from = filter.ended?.from { add("r.ended_at >= ?", from) }
        }
        // The window that is not the order's is checked row by row, on what the index holds.
        if order == .created, let to = filter.ended?.to { add("r.ended_at < ?", to) }

        var pageConditions = conditions
        pageValues = values
        let end = order == .created ? filter.created?.to : filter.ended?.to
        if let end {
            add("r.\(column) < ?", end)
        }
        // Only one upper bound, because only one can be where the walk begins.
        if let cursor = query.after, end.map({ cursor.time < $0 }) ?? true {
            pageConditions += " AND (r.\(column), r.id) < (?, ?)"
            pageValues += [cursor.time, cursor.id] as [any SQLValue]
        } else {
            pageConditions = conditions
            pageValues = values
        }
        pageValues.append(query.limit + 1)
        page = """
            SELECT r.id, r.name, t.name, r.state, r.created_at, r.ended_at, p.id, p.name, p.email,
                r.error_attribution, r.error_type, r.error_message, r.error_data
            FROM runs AS r INDEXED BY \(index)
            CROSS JOIN run_types AS t ON t.number = r.type
            CROSS JOIN principals AS p ON p.number = r.principal
            WHERE \(pageConditions)
            ORDER BY r.\(column) DESC, r.id DESC LIMIT ?
            """
        count = "SELECT count(*) FROM runs AS r INDEXED BY \(index) WHERE \(conditions)"
        countValues = values
    }
}

extension ColumnReader {
    /// The columns of the list's statement.
    fileprivate mutating func nextRun(of tenant: Tenant) throws -> WorkflowRun {
        WorkflowRun(
            id: try next(), tenant: tenant, name: try next(), type: try next(), state: try next(), createdAt: try next(),
            endedAt: try next(), principal: try nextPrincipal(), error: try nextError())
    }
}
