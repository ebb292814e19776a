public import WorkflowModel

extension PostgresStore {
    public func runs(matching query: RunQuery) async throws -> RunPage {
        let nothing = RunPage(runs: [], total: query.withTotal ? 0 : nil)
        if query.filter.states.isEmpty { return nothing }
        return try await readAnywhere(consistently: query.withTotal, reusingPlans: true) { database in
            guard let tenant = try database.number(of: query.tenant) else { return nothing }
            var type: Int?
            if let name = query.filter.type {
                type = try database.number(ofType: name, in: tenant)
                if type == nil { return nothing }
            }
            guard let narrowed = try database.narrowed(query.filter, tenant: tenant, type: type) else { return nothing }
            var narrow = query
            narrow.filter = narrowed
            let found = try database.page(of: narrow, tenant: tenant, type: type)
            let runs = try database.runs(found, of: query.tenant)
            guard query.withTotal else { return RunPage(fetched: runs, for: query, total: nil) }
            let total = RunTotalStatement(query.filter, tenant: tenant, type: type)
            return RunPage(
                fetched: runs, for: query,
                total: try database.rows(total.sql, values: total.values) { try $0.next(Int.self) }.first)
        }
    }
}

/// The statement for a page of a list, chosen by which filters there are.
///
/// It walks one index of each partition from the newest match down, in the order of the answer, or up from a place on the
/// way back. By creation, partitions come one after the other, and those behind the page are not looked at; by end, they are
/// merged.
struct RunListStatement {
    private(set) var page: String
    private(set) var pageValues: [any SQLValue]

    init(_ query: RunQuery, tenant: Int, type: Int?) {
        let filter = query.filter
        let order = filter.order
        let column = order == .created ? "created_at" : "ended_at"
        var conditions = "tenant = $1"
        var values: [any SQLValue] = [tenant]

        func add(_ condition: String, _ value: any SQLValue) {
            values.append(value)
            conditions += " AND \(condition) $\(values.count)"
        }

        if let type { add("type =", type) }
        if let state = filter.state.flatMap({ RunState(rawValue: $0.rawValue) }) { add("state =", state) }
        if filter.ended != nil { conditions += " AND ended_at IS NOT NULL" }
        // The window that is not the order's is checked row by row.
        if order == .created {
            if let from = filter.ended?.from { add("ended_at >=", from) }
            if let to = filter.ended?.to { add("ended_at <", to) }
        } else {
            if let from = filter.created?.from { add("created_at >=", from) }
            if let to = filter.created?.to { add("created_at <", to) }
        }
        let window = order == .created ? filter.created : filter.ended

        /// The time alone as well: that is what rules out partitions.
        func add(_ cursor: RunCursor, _ sign: String) {
            add("\(column) \(sign)=", cursor.time)
            conditions += " AND (\(column), id) \(sign) ($\(values.count), $\(values.count + 1))"
            values.append(cursor.id)
        }
        // Only one bound at each end, because only one can be where the walk begins.
        if let cursor = query.before, window?.from.map({ cursor.time >= $0 }) ?? true {
            add(cursor, ">")
        } else if let from = window?.from {
            add("\(column) >=", from)
        }
        if let cursor = query.before == nil ? query.after : nil, window?.to.map({ cursor.time < $0 }) ?? true {
            add(cursor, "<")
        } else if let to = window?.to {
            add("\(column) <", to)
        }
        let direction = query.before == nil ? "DESC" : "ASC"
        values.append(query.limit + 1)
        page = """
            SELECT \(RunColumns.list) FROM runs WHERE \(conditions)
            ORDER BY \(column) \(direction), id \(direction) LIMIT $\(values.count)
            """
        pageValues = values
    }
}

/// The columns of a run as a list shows it.
enum RunColumns {
    static let list =
        "id, name, type, state, created_at, ended_at, principal, error_attribution, error_type, error_message, error_data"
}

/// A run of a list before its numbers are names.
struct ListedRun {
    var id: RunID
    var name: String
    var type: Int
    var state: RunState
    var createdAt: Timestamp
    var endedAt: Timestamp?
    var principal: Int
    var error: RunError?
}

extension ColumnReader {
    /// The columns of ``RunColumns/list``.
    mutating func nextListedRun() throws -> ListedRun {
        ListedRun(
            id: try next(), name: try next(), type: try next(), state: try next(), createdAt: try next(), endedAt: try next(),
            principal: try next(), error: try nextError())
    }
}

extension PostgresConnection {
    func runs(_ rows: [ListedRun], of tenant: Tenant) throws -> [WorkflowRun] {
        try learn(types: rows.map(\.type), principals: rows.map(\.principal))
        return try rows.map { row in
            WorkflowRun(
                id: row.id, tenant: tenant, name: row.name, type: try typeName(numbered: row.type), state: row.state,
                createdAt: row.createdAt, endedAt: row.endedAt, principal: try principal(numbered: row.principal),
                error: row.error)
        }
    }
}
