import StoreCore
import WorkflowModel

/// The statement for the exact number of runs that match a filter.
///
/// It adds three parts: the kept counts of whole days and hours, the changes that are not folded yet, and the runs at the
/// ends of windows, counted one by one. One statement does all of it, so that a concurrent fold does not show.
struct RunTotalStatement {
    private(set) var sql = ""
    private(set) var values: [any SQLValue] = []

    private let filter: RunFilter
    private let tenant: Int
    /// The types that are being added.
    private var types: NumberChoice
    /// The state that is being added; nil for all states.
    private var state: RunState?
    private var parts: [String] = []

    /// - Parameter filter: without other conditions than windows, states and types.
    init(_ filter: RunFilter, _ selection: RunSelection) {
        self.filter = filter
        tenant = selection.tenant
        types = selection.types
        // Counts are kept per type and for all types.
        if case .except(let numbers) = selection.types {
            types = .any
            let all = sum()
            types = .of(numbers)
            sql = "SELECT ((\(all)) - (\(sum())))::bigint"
        } else {
            sql = "SELECT (\(sum()))::bigint"
        }
    }

    private mutating func sum() -> String {
        parts = []
        // Counts are kept per state and for all states. The total of several states is the sum of theirs.
        for state in filter.statesToWalk?.map(Optional.some) ?? [nil] {
            self.state = state
            if filter.ended == nil {
                addRuns(on: .created, in: filter.created)
            } else if filter.created?.from == nil, filter.created?.to == nil {
                addRuns(on: .ended, in: filter.ended)
            } else {
                addRunsOfBothWindows()
            }
        }
        return parts.joined(separator: "\n+ ")
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

    /// Changes that are not folded yet.
    private mutating func addChanges(created: TimeWindow?, ended: TimeWindow?) {
        let conditions = conditions(created: created, ended: ended)
        parts.append("(SELECT coalesce(sum(change), 0) FROM run_changes WHERE \(conditions))")
    }

    // MARK: Conditions

    private mutating func bind(_ value: any SQLValue) -> String {
        values.append(value)
        return "$\(values.count)"
    }

    /// Conditions on rows of runs.
    private mutating func conditions(created: TimeWindow?, ended: TimeWindow?) -> String {
        let types = self.types
        var conditions = "tenant = \(bind(tenant))"
        conditions += types.conditions(on: "type") { bind($0) }
        if let state { conditions += " AND state = \(bind(state))" }
        if let from = created?.from { conditions += " AND created_at >= \(bind(from))" }
        if let to = created?.to { conditions += " AND created_at < \(bind(to))" }
        if ended != nil { conditions += " AND ended_at IS NOT NULL" }
        if let from = ended?.from { conditions += " AND ended_at >= \(bind(from))" }
        if let to = ended?.to { conditions += " AND ended_at < \(bind(to))" }
        return conditions
    }

    /// Conditions on counts of the types and the state, or of any.
    private mutating func countConditions() -> String {
        var conditions = "tenant = \(bind(tenant))"
        let kept = types == .any ? NumberChoice.of([RunCountSQL.anyType]) : types
        conditions += kept.conditions(on: "type") { bind($0) }
        return conditions + " AND state = \(state.map { bind($0) } ?? "-1")"
    }

    private mutating func range(_ column: String, _ range: Range<Int>) -> String {
        var conditions = ""
        if range.lowerBound > RunCountSQL.noEnd { conditions += " AND \(column) >= \(bind(range.lowerBound))" }
        if range.upperBound < Int.max { conditions += " AND \(column) < \(bind(range.upperBound))" }
        return conditions
    }
}
