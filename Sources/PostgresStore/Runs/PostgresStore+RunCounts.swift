import StoreCore
public import WorkflowModel

extension PostgresStore {
    public func runCounts(matching query: RunCountQuery) async throws -> RunCounts {
        let (filter, step) = (query.filter, query.step)
        guard !filter.possibleStates.isEmpty else { return RunCounts() }
        return try await readAnywhere(consistently: filter.hasAddedConditions) { [time] database in
            guard let number = try database.number(of: query.tenant),
                let selection = try RunSelection(filter, tenant: number, in: database)
            else { return RunCounts() }
            let hasOneType = selection.types == .any || selection.type != nil
            let (counts, isComplete) =
                try !filter.hasAddedConditions && hasOneType
                ? (database.allCounts(filter, selection, by: step), true)
                : database.searchedCounts(query, selection, time: time)
            return RunCounts(
                Array(counts.values.sorted { $0.start < $1.start }.suffix(RunCount.mostSteps)), isComplete: isComplete)
        }
    }
}

private struct StepCount {
    var start: Timestamp
    var state: RunState
}

extension ColumnReader {
    /// The columns start, state.
    fileprivate mutating func nextStepCount() throws -> StepCount { StepCount(start: try next(), state: try next()) }
}

extension [Timestamp: RunCount] {
    fileprivate mutating func add(_ runs: Int, to step: StepCount) {
        self[step.start, default: RunCount(start: step.start, byState: [:])].byState[step.state, default: 0] += runs
    }
}

extension PostgresConnection {
    fileprivate func allCounts(
        _ filter: RunFilter, _ selection: RunSelection, by step: CountStep
    ) throws -> [Timestamp: RunCount] {
        let statement = RunCountStatement(filter, selection, states: filter.possibleStates, step: step)
        var counts: [Timestamp: RunCount] = [:]
        _ = try rows(statement.sql, values: statement.values) { counts.add(try $0.next(), to: try $0.nextStepCount()) }
        return counts
    }

    fileprivate func searchedCounts(
        _ query: RunCountQuery, _ selection: RunSelection, time: any TimeSource
    ) throws -> ([Timestamp: RunCount], isComplete: Bool) {
        let (filter, step) = (query.filter, query.step)
        let steps = SearchSteps(query.budget, time: time)
        guard var search = try countingSearch(filter, selection, by: filter.sortKey) else { return ([:], true) }
        var counts: [Timestamp: RunCount] = [:]
        // The width stands in the text: there are as many as there are kinds of steps.
        let start = RunCountStatement.start(of: filter.sortKey, width: "\(step.width.milliseconds)")
        let isComplete = try count(
            &search, by: [start, "state"], steps, decode: { try $0.nextStepCount() }, add: { counts.add($1, to: $0) })
        return (counts, isComplete)
    }
}

/// The statement that counts runs by state and by the step of time in which they were created or ended.
struct RunCountStatement {
    private(set) var sql: String
    private(set) var values: [any SQLValue]

    init(_ filter: RunFilter, _ selection: RunSelection, states: [RunState], step: CountStep) {
        // All states are named, because only the indexes by state are covering.
        var conditions = "tenant = $1 AND state = ANY ($2)"
        var values: [any SQLValue] = [selection.tenant, Column(states), step.width]

        func add(_ condition: String, _ value: any SQLValue) {
            values.append(value)
            conditions += " AND \(condition) $\(values.count)"
        }

        conditions += selection.types.conditions(on: "type") { value in
            values.append(value)
            return "$\(values.count)"
        }
        if let from = filter.created?.from { add("created_at >=", from) }
        if let to = filter.created?.to { add("created_at <", to) }
        if filter.ended != nil { conditions += " AND ended_at IS NOT NULL" }
        if let from = filter.ended?.from { add("ended_at >=", from) }
        if let to = filter.ended?.to { add("ended_at <", to) }
        values.append(RunCount.mostSteps * RunState.allCases.count)
        sql = """
            SELECT count(*), \(Self.start(of: filter.sortKey, width: "$3")) AS step, state FROM runs
            WHERE \(conditions) GROUP BY step, state ORDER BY step DESC LIMIT $\(values.count)
            """
        self.values = values
    }

    /// The beginning of the step that a run is in. The remainder of a negative time is negative.
    static func start(of key: RunSortKey, width: String) -> String {
        "\(key.sql) - ((\(key.sql) % \(width)) + \(width)) % \(width)"
    }
}
