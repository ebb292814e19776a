import StoreCore
import WorkflowModel

/// The hours or days in which the runs were created that ended in a window. A list by creation with a window on ends reads those
/// only, so that it does not walk past all other runs.
struct CreationBounds {
    /// For a longer window on ends, the counts of days tell the bounds: those of hours are too many.
    static let longestWindowOfHours = Duration.seconds(14 * 86_400)

    private(set) var sql: String
    private(set) var values: [any SQLValue]
    /// Hours of the unit of the bounds.
    let hours: Int

    /// nil for a filter without a window on ends, and for one that the list comes to the runs of soon: the newest runs are mostly
    /// those that ended last.
    init?(_ filter: RunFilter, _ selection: RunSelection, _ direction: RunSort.Direction) {
        guard let window = filter.ended, window.from != nil || window.to != nil else { return nil }
        let isNarrow = if let from = window.from, let to = window.to { to - from <= Self.longestWindowOfHours } else { false }
        guard isNarrow || (direction == .descending ? window.to : window.from) != nil else { return nil }
        hours = isNarrow ? 1 : CountedSpan.hoursOfDay

        // Several types have the bounds of all types.
        values = [selection.tenant, selection.type ?? RunCountSQL.anyType]
        func bind(_ value: any SQLValue, to values: inout [any SQLValue]) -> String {
            values.append(value)
            return "$\(values.count)"
        }
        func unit(_ time: String) -> String { isNarrow ? "hour_of(\(time))" : "day_of(hour_of(\(time)))" }
        // Whole units on both sides: the folded and the unfolded part of a cell may cancel out, and then only the changes show
        // that it has runs.
        let width = hours * CountedSpan.hour
        var changes = "tenant = $1"
        var cells = "tenant = $1 AND type = $2 AND runs <> 0"
        if selection.type != nil { changes += " AND type = $2" }
        if let from = window.from {
            let first = unit(bind(from, to: &values))
            changes += " AND ended_at >= \(first) * \(width)"
            cells += " AND ended >= \(first)"
        }
        if let to = window.to {
            let last = unit(bind(to, to: &values))
            changes += " AND ended_at < (\(last) + 1) * \(width)"
            cells += " AND ended <= \(last)"
        }
        if let states = filter.statesToWalk {
            let states = bind(Column(states), to: &values)
            changes += " AND state = ANY (\(states))"
            cells += " AND state = ANY (\(states))"
        } else {
            cells += " AND state = -1"
        }
        sql = """
            SELECT min(created), max(created) FROM (
                SELECT created FROM \(isNarrow ? "run_hours" : "run_day_pairs") WHERE \(cells)
                UNION ALL SELECT \(unit("created_at")) FROM run_changes WHERE \(changes)) AS c
            """
    }
}

extension PostgresConnection {
    /// The filter, narrowed to the time in which its runs were created; nil when it has none.
    func narrowed(
        _ filter: RunFilter, _ selection: RunSelection, _ direction: RunSort.Direction = .descending
    ) throws -> RunFilter? {
        guard let bounds = CreationBounds(filter, selection, direction) else { return filter }
        let found = try rows(bounds.sql, values: bounds.values) { (try $0.next(Int?.self), try $0.next(Int?.self)) }.first
        guard case (let first?, let last?)? = found else { return nil }
        let whole = CountedSpan.window(first * bounds.hours..<(last + 1) * bounds.hours)
        var narrowed = filter
        narrowed.created = TimeWindow(
            from: [filter.created?.from, whole.from].compactMap(\.self).max(),
            to: [filter.created?.to, whole.to].compactMap(\.self).min())
        return narrowed
    }
}
