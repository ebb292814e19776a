import StoreCore
import WorkflowModel

/// The statement for the numbers of filed runs of some subjects by state: those of whole days from kept counts, the others mark by
/// mark.
struct SubjectTotalStatement {
    private(set) var sql = ""
    private(set) var values: [any SQLValue]
    /// The parts of days, whose marks are counted one by one.
    private(set) var edges: [TimeWindow] = []
    private let types: NumberChoice

    /// - Parameters:
    ///   - filter: without other conditions than windows, states, types and the subjects. A window on ends is counted mark by mark.
    ///   - types: those of the filter.
    init(_ filter: RunFilter, _ types: NumberChoice, subjects: [Int]) {
        values = [Column(subjects), Column(filter.possibleStates)]
        self.types = types
        var parts: [String] = []
        if filter.ended == nil {
            let days = CountedSpan(filter.created).days
            if let days { parts.append(countedDays(Self.time(days))) }
            edges = Self.edges(of: filter.created, beside: days)
            for edge in edges { parts.append(marks(edge)) }
        } else {
            parts.append(marks(filter.created, filter.ended))
        }
        sql = "SELECT state, sum(runs)::bigint FROM (\(parts.joined(separator: " UNION ALL "))) AS c GROUP BY state"
    }

    private mutating func countedDays(_ time: TimeWindow) -> String {
        "SELECT state, runs FROM subject_days WHERE subject = ANY ($1) AND state = ANY ($2)\(window(time, of: "day"))"
            + ofTypes()
    }

    private mutating func marks(_ created: TimeWindow?, _ ended: TimeWindow? = nil) -> String {
        "SELECT state, 1 AS runs FROM run_marks WHERE subject = ANY ($1) AND state = ANY ($2)"
            + window(created, of: "run_created_at") + window(ended, of: "run_ended_at") + ofTypes()
    }

    private mutating func ofTypes() -> String {
        switch types {
        case .any: return ""
        case .of(let numbers):
            values.append(Column(numbers.sorted()))
            return " AND type = ANY ($\(values.count))"
        case .except(let numbers):
            values.append(Column(numbers.sorted()))
            return " AND type <> ALL ($\(values.count))"
        }
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
    /// The matching runs by state, when a single dimension or a word is asked for and nothing else beside states, windows and, without a
    /// word, types; nil for other filters.
    /// - Returns: counts that are too low when they are not complete, because the budget was used up.
    func subjectTotals(
        of filter: RunFilter, _ selection: RunSelection, _ steps: SearchSteps
    ) throws -> (counts: [RunState: Int], isComplete: Bool)? {
        guard filter.countedSubjects != nil || filter.onlyWord != nil, try !hasOlderRuns() else { return nil }
        let partial = filter.countedSubjects?.partial ?? []
        // Few runs are found by an index of runtimes.
        if !partial.isEmpty, try fewRuntimes(of: filter, selection) != nil { return nil }
        guard let narrowed = try narrowed(filter, selection) else { return ([:], true) }
        guard let (subjects, ids) = try onlyFiled(filter, selection) else { return nil }
        var counts: [RunState: Int] = [:]
        if !subjects.isEmpty {
            let statement = SubjectTotalStatement(narrowed, selection.types, subjects: subjects)
            guard try marksToCount(by: statement, of: subjects, narrowed, selection) <= FiledWalkLimits.marks else { return nil }
            counts = try filedRuns(statement)
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
        if let subjects = filter.countedSubjects {
            let placed = Set(subjects.whole.map { PlacedSubject(tenant: selection.tenant, subject: $0) })
            return (try numbers(of: placed).values.sorted(), [])
        }
        return try filter.onlyWord.flatMap { try found($0, in: selection.tenant) }.map { ($0.texts, $0.ids) }
    }

    private func filedRuns(_ statement: SubjectTotalStatement) throws -> [RunState: Int] {
        let found = try rows(statement.sql, values: statement.values) { (try $0.next(RunState.self), try $0.next(Int.self)) }
        return Dictionary(found, uniquingKeysWith: +)
    }

    /// The number of marks whose rows a total reads. Marks that it counts by their index alone are not among them.
    private func marksToCount(
        by statement: SubjectTotalStatement, of subjects: [Int], _ filter: RunFilter, _ selection: RunSelection
    ) throws -> Int64 {
        if filter.ended != nil { return try marks(of: subjects, filter.possibleStates, in: filter.created) }
        guard selection.types != .any else { return 0 }
        return try statement.edges.reduce(0) { try $0 + marks(of: subjects, filter.possibleStates, in: $1) }
    }

    /// Filed runs of subjects in the days that a window touches.
    private func marks(of subjects: [Int], _ states: [RunState], in window: TimeWindow?) throws -> Int64 {
        let sum = """
            SELECT coalesce(sum(runs), 0)::bigint FROM subject_days
            WHERE subject = ANY ($1) AND state = ANY ($2) AND day >= $3 AND day < $4
            """
        return try row(
            sum, Column(subjects), Column(states),
            window?.from.map { CountStep.day.start(of: $0).milliseconds } ?? .min, window?.to?.milliseconds ?? .max
        ) { try $0.next() } ?? 0
    }
}
