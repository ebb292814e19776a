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
            let runs = try database.prepared(list.page).rows(list.pageValues) { try $0.nextRun(of: query.tenant) }
            let total =
                query.withTotal ? try database.prepared(list.count).rows(list.countValues) { try $0.next(Int.self) }.first : nil
            return RunPage(fetched: runs, for: query, total: total)
        }
    }
}

/// The statements for a page of a list and for its total, chosen by which filters there are.
///
/// Each walks one index from the newest match down, in the order of the answer, or up from a place on the way back: nothing
/// is sorted and nothing outside the page is touched. The index is named, so that a plan that could not use it would be an error.
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
        if filter.ended != nil { conditions += " AND r.ended_at IS NOT NULL" }
        // The window that is not the order's is checked row by row, on what the index holds.
        if order == .created {
            if let from = filter.ended?.from { add("r.ended_at >= ?", from) }
            if let to = filter.ended?.to { add("r.ended_at < ?", to) }
        }

        let window = order == .created ? filter.created : filter.ended
        var pageConditions = conditions
        var pageValues = values
        func addToPage(_ condition: String, _ values: any SQLValue...) {
            pageConditions += " AND " + condition
            pageValues += values
        }
        // Only one bound at each end, because only one can be where the walk begins.
        if let cursor = query.before, window?.from.map({ cursor.time >= $0 }) ?? true {
            addToPage("(r.\(column), r.id) > (?, ?)", cursor.time, cursor.id)
        } else if let from = window?.from {
            addToPage("r.\(column) >= ?", from)
        }
        if let cursor = query.before == nil ? query.after : nil, window?.to.map({ cursor.time < $0 }) ?? true {
            addToPage("(r.\(column), r.id) < (?, ?)", cursor.time, cursor.id)
        } else if let to = window?.to {
            addToPage("r.\(column) < ?", to)
        }
        if let from = window?.from { add("r.\(column) >= ?", from) }
        if let to = window?.to { add("r.\(column) < ?", to) }
        self.pageValues = pageValues + [query.limit + 1]
        let direction = query.before == nil ? "DESC" : "ASC"
        page = """
            SELECT \(RunColumns.list)
            FROM runs AS r INDEXED BY \(index)
            CROSS JOIN run_types AS t ON t.number = r.type
            CROSS JOIN principals AS p ON p.number = r.principal
            WHERE \(pageConditions)
            ORDER BY r.\(column) \(direction), r.id \(direction) LIMIT ?
            """
        count = "SELECT count(*) FROM runs AS r INDEXED BY \(index) WHERE \(conditions)"
        countValues = values
    }
}

/// The columns of a run as a list shows it, of `runs AS r`, `run_types AS t` and `principals AS p`.
enum RunColumns {
    static let list = """
        r.id, r.name, t.name, r.state, r.created_at, r.ended_at, p.id, p.name, p.email,
        r.error_attribution, r.error_type, r.error_message, r.error_data
        """
}

extension ColumnReader {
    /// The columns of ``RunColumns/list``.
    mutating func nextRun(of tenant: Tenant) throws -> WorkflowRun {
        WorkflowRun(
            id: try next(), tenant: tenant, name: try next(), type: try next(), state: try next(), createdAt: try next(),
            endedAt: try next(), principal: try nextPrincipal(), error: try nextError())
    }
}
