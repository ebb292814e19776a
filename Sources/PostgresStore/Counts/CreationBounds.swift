import WorkflowModel

/// When the runs were created that ended in a window, to the hour: where a list by creation that asks for a window on ends as well has
/// to look, so that it does not walk past all the others.
struct CreationBounds {
    /// A longer window on ends holds so many runs that a page finds its own soon.
    static let longestWindow = Duration.seconds(14 * 86_400)

    private(set) var sql: String
    private(set) var values: [any SQLValue]

    /// nil for a filter that this does not help.
    init?(_ filter: RunFilter, tenant: Int, type: Int?) {
        guard filter.created != nil, let from = filter.ended?.from, let to = filter.ended?.to, to - from <= Self.longestWindow
        else {
            return nil
        }
        let state = filter.state.flatMap { RunState(rawValue: $0.rawValue) }
        values = [tenant, type ?? 0, from, to]
        // Whole hours on both sides: what is folded of a cell and what is not may cancel out, and then only its changes tell of it.
        var changes = """
            tenant = $1 AND ended_at >= hour_of($3) * \(CountedSpan.hour) AND ended_at < (hour_of($4) + 1) * \(CountedSpan.hour)
            """
        if type != nil { changes += " AND type = $2" }
        var cells = "tenant = $1 AND type = $2 AND ended >= hour_of($3) AND ended <= hour_of($4) AND runs <> 0"
        if let state {
            values.append(state)
            changes += " AND state = $5"
            cells += " AND state = $5"
        } else {
            cells += " AND state = -1"
        }
        sql = """
            SELECT min(created), max(created) FROM (
                SELECT created FROM run_hours WHERE \(cells)
                UNION ALL SELECT hour_of(created_at) FROM run_changes WHERE \(changes)) AS c
            """
    }
}

extension PostgresConnection {
    /// The filter with what is known of when its runs were created; nil when there are none.
    func narrowed(_ filter: RunFilter, tenant: Int, type: Int?) throws -> RunFilter? {
        guard let bounds = CreationBounds(filter, tenant: tenant, type: type) else { return filter }
        let hours = try rows(bounds.sql, values: bounds.values) { (try $0.next(Int?.self), try $0.next(Int?.self)) }.first
        guard case (let first?, let last?)? = hours else { return nil }
        let whole = CountedSpan.window(first..<last + 1)
        var narrowed = filter
        narrowed.created = TimeWindow(
            from: [filter.created?.from, whole.from].compactMap(\.self).max(),
            to: [filter.created?.to, whole.to].compactMap(\.self).min())
        return narrowed
    }
}
