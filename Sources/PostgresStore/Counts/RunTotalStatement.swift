import WorkflowModel

/// The statement for the exact number of runs that a filter lets through.
///
/// It adds up the kept counts of whole days and hours, with the changes of those that nobody has folded yet, and the runs at the
/// ends of windows, which are counted one by one: all in one statement, so that whoever folds meanwhile is not seen.
struct RunTotalStatement {
    private(set) var sql = ""
    private(set) var values: [any SQLValue] = []

    private let filter: RunFilter
    private let tenant: Int
    private let type: Int?
    private let state: RunState?
    private var parts: [String] = []

    init(_ filter: RunFilter, tenant: Int, type: Int?) {
        self.filter = filter
        self.tenant = tenant
        self.type = type
        state = filter.state.flatMap { RunState(rawValue: $0.rawValue) }
        if filter.ended == nil {
            addRuns(on: .created, in: filter.created)
        } else if filter.created?.from == nil, filter.created?.to == nil {
            addRuns(on: .ended, in: filter.ended)
        } else {
            addRunsOfBothWindows()
        }
        sql = "SELECT (\(parts.joined(separator: "\n+ ")))::bigint"
    }

    private enum Timeline: Int {
        case created, ended
    }

    // MARK: Parts

    private mutating func addRuns(on timeline: Timeline, in window: TimeWindow?) {
        let span = CountedSpan(window)
        if let days = span.days {
            let (timeline, cell) = (bind(timeline.rawValue), countConditions())
            let range = range("day", days)
            parts.append(
                "(SELECT coalesce(sum(runs), 0) FROM run_days WHERE \(cell) AND timeline = \(timeline)::smallint\(range))")
        }
        for hours in span.singleHours {
            let (cell, range) = (countConditions(), range(timeline == .created ? "created" : "ended", hours))
            parts.append("(SELECT coalesce(sum(runs), 0) FROM run_hours WHERE \(cell)\(range))")
        }
        for edge in span.edges {
            addSingleRuns(created: timeline == .created ? edge : nil, ended: timeline == .ended ? edge : nil)
        }
        guard let whole = span.wholeHours else { return }
        addChanges(created: timeline == .created ? whole : nil, ended: timeline == .ended ? whole : nil)
    }

    private mutating func addRunsOfBothWindows() {
        let (created, ended) = (CountedSpan(filter.created), CountedSpan(filter.ended))
        for edge in created.edges { addSingleRuns(created: edge, ended: filter.ended) }
        guard let wholeCreated = created.wholeHours else { return }
        for edge in ended.edges { addSingleRuns(created: wholeCreated, ended: edge) }
        guard let wholeEnded = ended.wholeHours else { return }
        addChanges(created: wholeCreated, ended: wholeEnded)
        guard let createdDays = created.days, let hours = created.hoursOfDays, let endedDays = ended.days else {
            return addCells("run_hours", created: created.hours, ended: ended.hours)
        }
        addCells("run_day_pairs", created: createdDays, ended: endedDays)
        for single in created.singleHours { addCells("run_hours", created: single, ended: ended.hours) }
        for single in ended.singleHours { addCells("run_hours", created: hours, ended: single) }
    }

    private mutating func addCells(_ table: String, created: Range<Int>, ended: Range<Int>) {
        let (cell, places) = (countConditions(), range("created", created) + range("ended", ended))
        parts.append("(SELECT coalesce(sum(runs), 0) FROM \(table) WHERE \(cell)\(places))")
    }

    private mutating func addSingleRuns(created: TimeWindow?, ended: TimeWindow?) {
        let conditions = conditions(created: created, ended: ended)
        parts.append("(SELECT count(*) FROM runs WHERE \(conditions))")
    }

    /// What counts do not have yet.
    private mutating func addChanges(created: TimeWindow?, ended: TimeWindow?) {
        let conditions = conditions(created: created, ended: ended)
        parts.append("(SELECT coalesce(sum(change), 0) FROM run_changes WHERE \(conditions))")
    }

    // MARK: Conditions

    private mutating func bind(_ value: any SQLValue) -> String {
        values.append(value)
        return "$\(values.count)"
    }

    /// For rows that stand for one run each.
    private mutating func conditions(created: TimeWindow?, ended: TimeWindow?) -> String {
        var conditions = "tenant = \(bind(tenant))"
        if let type { conditions += " AND type = \(bind(type))" }
        if let state { conditions += " AND state = \(bind(state))" }
        if let from = created?.from { conditions += " AND created_at >= \(bind(from))" }
        if let to = created?.to { conditions += " AND created_at < \(bind(to))" }
        if ended != nil { conditions += " AND ended_at IS NOT NULL" }
        if let from = ended?.from { conditions += " AND ended_at >= \(bind(from))" }
        if let to = ended?.to { conditions += " AND ended_at < \(bind(to))" }
        return conditions
    }

    /// For counts of the type and the state, or of any.
    private mutating func countConditions() -> String {
        "tenant = \(bind(tenant)) AND type = \(bind(type ?? 0)) AND state = \(state.map { bind($0) } ?? "-1")"
    }

    private mutating func range(_ column: String, _ range: Range<Int>) -> String {
        var conditions = ""
        if range.lowerBound > RunCountSQL.noEnd { conditions += " AND \(column) >= \(bind(range.lowerBound))" }
        if range.upperBound < Int.max { conditions += " AND \(column) < \(bind(range.upperBound))" }
        return conditions
    }
}
