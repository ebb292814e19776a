import StoreCore
import WorkflowModel

/// The statement for the numbers of filed runs of some subjects by state: those of whole days from kept counts, the others mark by
/// mark.
struct SubjectTotalStatement {
    private(set) var sql = ""
    private(set) var values: [any SQLValue]

    /// - Parameter filter: without other conditions than windows, states and the subjects. A window on ends is counted mark by mark.
    init(_ filter: RunFilter, subjects: [Int]) {
        values = [Column(subjects), Column(filter.possibleStates)]
        var parts: [String] = []
        if filter.ended == nil {
            let days = CountedSpan(filter.created).days
            if let days { parts.append(Self.select("runs", "subject_days", window(Self.time(days), of: "day"))) }
            for edge in Self.edges(of: filter.created, beside: days) {
                parts.append(Self.select("1", "run_marks", window(edge, of: "run_created_at")))
            }
        } else {
            let windows = window(filter.created, of: "run_created_at") + window(filter.ended, of: "run_ended_at")
            parts.append(Self.select("1", "run_marks", windows))
        }
        sql = "SELECT state, sum(runs)::bigint FROM (\(parts.joined(separator: " UNION ALL "))) AS c GROUP BY state"
    }

    private static func select(_ number: String, _ table: String, _ conditions: String) -> String {
        "SELECT state, \(number) AS runs FROM \(table) WHERE subject = ANY ($1) AND state = ANY ($2)\(conditions)"
    }

    private mutating func window(_ window: TimeWindow?, of column: String) -> String {
        var conditions = ""
        if let from = window?.from {
            values.append(from)
            conditions += " AND \(column) >= $\(values.count)"
        }
        if let to = window?.to {
            values.append(to)
            conditions += " AND \(column) < $\(values.count)"
        }
        return conditions
    }

    private static func time(_ days: Range<Int>) -> TimeWindow {
        TimeWindow(
            from: days.lowerBound > .min ? start(of: days.lowerBound) : nil,
            to: days.upperBound < .max ? start(of: days.upperBound) : nil)
    }

    private static func edges(of window: TimeWindow?, beside days: Range<Int>?) -> [TimeWindow] {
        guard let window else { return [] }
        guard let days else { return [window] }
        var edges: [TimeWindow] = []
        if let from = window.from { edges.append(TimeWindow(from: from, to: start(of: days.lowerBound))) }
        if let to = window.to { edges.append(TimeWindow(from: start(of: days.upperBound), to: to)) }
        return edges.filter { $0.from != $0.to }
    }

    private static func start(of day: Int) -> Timestamp {
        Timestamp(milliseconds: Int64(day) * CountStep.day.width.milliseconds)
    }
}

extension PostgresConnection {
    /// The matching runs by state, when a single dimension or a word is asked for and nothing else beside states and windows; nil for
    /// other filters.
    /// - Returns: counts that are too low when they are not complete, because the budget was used up.
    func subjectTotals(
        of filter: RunFilter, _ selection: RunSelection, _ steps: SearchSteps
    ) throws -> (counts: [RunState: Int], isComplete: Bool)? {
        guard filter.onlySubjects != nil || filter.onlyWord != nil, try !hasOlderRuns() else { return nil }
        let partial = filter.onlySubjects?.partial ?? []
        // Few runs are found by an index of runtimes.
        if !partial.isEmpty, try fewRuntimes(of: filter, selection) != nil { return nil }
        guard let narrowed = try narrowed(filter, selection) else { return ([:], true) }
        guard let (subjects, ids) = try onlyFiled(filter, selection) else { return nil }
        var counts: [RunState: Int] = [:]
        if !subjects.isEmpty {
            if filter.ended != nil, try marks(of: subjects, narrowed) > FiledWalkLimits.marks { return nil }
            counts = try filedRuns(of: subjects, narrowed)
        }
        for run in ids where run.isIn(filter) { counts[run.state, default: 0] += 1 }
        let walks = try besideFiled(filter) + walks(of: partial, narrowed, selection)
        var search = StoreSearch(narrowed, selection, RunWalks(filed: walks), .descending)
        let isComplete = try count(
            &search, by: ["state"], steps, decode: { try $0.next(RunState.self) }, add: { counts[$0, default: 0] += $1 })
        return (counts, isComplete)
    }

    /// The subjects of the only condition beside states and windows, without those of which some runs do not match, and the runs beside them; nil when a word is not looked up.
    private func onlyFiled(_ filter: RunFilter, _ selection: RunSelection) throws -> (subjects: [Int], ids: [FoundID])? {
        if let subjects = filter.onlySubjects {
            let placed = Set(subjects.whole.map { PlacedSubject(tenant: selection.tenant, subject: $0) })
            return (try numbers(of: placed).values.sorted(), [])
        }
        return try filter.onlyWord.flatMap { try found($0, in: selection.tenant) }.map { ($0.texts, $0.ids) }
    }

    private func filedRuns(of subjects: [Int], _ filter: RunFilter) throws -> [RunState: Int] {
        let statement = SubjectTotalStatement(filter, subjects: subjects)
        let found = try rows(statement.sql, values: statement.values) { (try $0.next(RunState.self), try $0.next(Int.self)) }
        return Dictionary(found, uniquingKeysWith: +)
    }

    /// Filed runs of subjects in the days of a filter's creation window, at most.
    private func marks(of subjects: [Int], _ filter: RunFilter) throws -> Int64 {
        let (from, to) = filter.window(of: .created)
        let sum = """
            SELECT coalesce(sum(runs), 0)::bigint FROM subject_days
            WHERE subject = ANY ($1) AND state = ANY ($2) AND day >= $3 AND day < $4
            """
        return try row(
            sum, Column(subjects), Column(filter.possibleStates),
            from.map { CountStep.day.start(of: Timestamp(milliseconds: $0)).milliseconds } ?? .min, to ?? .max
        ) { try $0.next() } ?? 0
    }
}
