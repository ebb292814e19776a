import GRDB
public import WorkflowModel

extension SQLiteStore {
    public func runs(matching query: RunQuery) async throws -> RunPage {
        try await read { database in
            guard let tenant = try database.number(of: query.tenant),
                let selection = try RunSelection(query.filter, tenant: tenant, in: database)
            else { return RunPage(runs: [], total: query.withTotal ? 0 : nil) }
            let runs = try database.runs(of: query, selection)
            let total = query.withTotal ? Int(try database.tally(selection).wrappedSum()) : nil
            return RunPage(fetched: runs, for: query, total: total)
        }
    }
}

extension Database {
    /// The page, and the run after it.
    fileprivate func runs(of query: RunQuery, _ selection: RunSelection) throws -> [WorkflowRun] {
        var names = RunNames(self)
        guard selection.ended != nil else {
            let list = RunListStatement(query, selection.timeline)
            return try prepared(list.text).rows(list: list.values) { try $0.nextRun(of: query.tenant, &names) }
        }
        // A walk along one clock would meet everything that the window on the other one leaves out; the counts say where to walk.
        var selection = selection
        if let cursor = query.before {
            selection.span = selection.span.clamped(to: cursor.time.milliseconds..<TimeSpan.always.upperBound)
        } else if let cursor = query.after {
            selection.span = selection.span.clamped(to: TimeSpan.always.lowerBound..<cursor.time.milliseconds + 1)
        }
        var runs: [WorkflowRun] = []
        try eachSpan(thatMayHold: selection, newestFirst: query.before == nil) { span in
            var part = query
            part.filter.created = TimeWindow(span)
            part.limit = query.limit - runs.count
            let list = RunListStatement(part, selection.timeline)
            runs += try prepared(list.text).rows(list: list.values) { try $0.nextRun(of: query.tenant, &names) }
            return runs.count <= query.limit
        }
        return runs
    }
}

/// The statement for a page of a list, chosen by which filters there are.
///
/// It walks one index from the newest match down, in the order of the answer, or up from a place on the way back: nothing
/// is sorted and nothing outside the page is touched. The index is named, so that a plan that could not use it would be an error.
struct RunListStatement {
    let text: String
    let values: [any SQLValue]

    init(_ query: RunQuery, _ timeline: RunTimeline) {
        let filter = query.filter
        let order = filter.order
        let column = order == .created ? "created_at" : "ended_at"
        var index = "runs"
        var conditions = "r.tenant = ?"
        var values: [any SQLValue] = [timeline.tenant]

        func add(_ condition: String, _ more: any SQLValue...) {
            conditions += " AND " + condition
            values += more
        }

        if let type = timeline.type {
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
        // Only one bound at each end, because only one can be where the walk begins.
        if let cursor = query.before, window?.from.map({ cursor.time >= $0 }) ?? true {
            add("(r.\(column), r.id) > (?, ?)", cursor.time, cursor.id)
        } else if let from = window?.from {
            add("r.\(column) >= ?", from)
        }
        if let cursor = query.before == nil ? query.after : nil, window?.to.map({ cursor.time < $0 }) ?? true {
            add("(r.\(column), r.id) < (?, ?)", cursor.time, cursor.id)
        } else if let to = window?.to {
            add("r.\(column) < ?", to)
        }
        self.values = values + [query.limit + 1]
        let direction = query.before == nil ? "DESC" : "ASC"
        text = """
            SELECT \(RunColumns.list)
            FROM runs AS r INDEXED BY \(index)
            WHERE \(conditions)
            ORDER BY r.\(column) \(direction), r.id \(direction) LIMIT ?
            """
    }
}

/// The columns of a run as a list shows it, of `runs AS r`.
enum RunColumns {
    static let list = """
        r.id, r.name, r.type, r.state, r.created_at, r.ended_at, r.principal,
        r.error_attribution, r.error_type, r.error_message, r.error_data
        """
}

extension ColumnReader {
    /// The columns of ``RunColumns/list``.
    mutating func nextRun(of tenant: Tenant, _ names: inout RunNames) throws -> WorkflowRun {
        WorkflowRun(
            id: try next(), tenant: tenant, name: try next(), type: try names.type(numbered: next()), state: try next(),
            createdAt: try next(), endedAt: try next(), principal: try names.principal(numbered: next()), error: try nextError())
    }
}
