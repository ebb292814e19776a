public import WorkflowModel

extension PostgresStore {
    public func runCounts(matching filter: RunFilter, of tenant: Tenant, by step: CountStep) async throws -> [RunCount] {
        let states = RunState.allCases.filter { filter.state == nil || $0.state == filter.state }
        guard !states.isEmpty else { return [] }
        return try await readAnywhere { database in
            guard let number = try database.number(of: tenant) else { return [] }
            var type: Int?
            if let name = filter.type {
                type = try database.number(ofType: name, in: number)
                if type == nil { return [] }
            }
            let statement = RunCountStatement(filter, tenant: number, type: type, states: states, step: step)
            let found = try database.rows(statement.sql, values: statement.values) { columns in
                (try columns.next(Timestamp.self), try columns.next(RunState.self), try columns.next(Int.self))
            }
            var steps: [Timestamp: RunCount] = [:]
            for (start, state, count) in found {
                steps[start, default: RunCount(start: start, byState: [:])].byState[state] = count
            }
            return Array(steps.values.sorted { $0.start < $1.start }.suffix(RunCount.mostSteps))
        }
    }
}

/// The statement that counts runs by the step of time that they were created or ended in, and by state.
struct RunCountStatement {
    private(set) var sql: String
    private(set) var values: [any SQLValue]

    init(_ filter: RunFilter, tenant: Int, type: Int?, states: [RunState], step: CountStep) {
        let column = filter.order == .created ? "created_at" : "ended_at"
        // All states are named, because the indexes by state hold everything that is asked for.
        var conditions = "tenant = $1 AND state = ANY ($2)"
        var values: [any SQLValue] = [tenant, Column(states), step.width]

        func add(_ condition: String, _ value: any SQLValue) {
            values.append(value)
            conditions += " AND \(condition) $\(values.count)"
        }

        if let type { add("type =", type) }
        if let from = filter.created?.from { add("created_at >=", from) }
        if let to = filter.created?.to { add("created_at <", to) }
        if filter.ended != nil { conditions += " AND ended_at IS NOT NULL" }
        if let from = filter.ended?.from { add("ended_at >=", from) }
        if let to = filter.ended?.to { add("ended_at <", to) }
        values.append(RunCount.mostSteps * RunState.allCases.count)
        // The remainder of a negative time is negative.
        sql = """
            SELECT \(column) - ((\(column) % $3) + $3) % $3 AS step, state, count(*) FROM runs
            WHERE \(conditions) GROUP BY step, state ORDER BY step DESC LIMIT $\(values.count)
            """
        self.values = values
    }
}
