import StoreCore
public import WorkflowModel

extension SQLiteStore {
    public func taskResults(matching query: TaskResultQuery) async throws -> [RunID: [TaskResult]] {
        try await read { database in
            guard let number = try database.number(of: query.tenant) else { return [:] }
            let statement = try database.prepared(TaskResultStatement.ofRun)
            var results: [RunID: [TaskResult]] = [:]
            for run in query.runs {
                let tasks = try statement.rows(number, run.id, query.first, TaskState.failed, max(0, query.limit)) { columns in
                    try columns.nextTaskResult(isImported: try columns.next())
                }
                if !tasks.isEmpty { results[run.id] = tasks }
            }
            return results
        }
    }
}

enum TaskResultStatement {
    static let ofRun = """
        SELECT r.imported_version IS NOT NULL, k.id, k.definition_id, k.label, k.stage, k.state, k.attempt, k.kept_from,
            k.condition, k.resolution, k.gate, k.fan, k.needs IS NOT NULL, a.started_at, a.ended_at
        FROM runs AS r INDEXED BY runs_id
        CROSS JOIN tasks AS k ON k.tenant = r.tenant AND k.run = r.number
        LEFT JOIN attempts AS a ON a.tenant = k.tenant AND a.run = k.run AND a.position = k.position AND a.number = k.attempt
        WHERE r.tenant = ? AND r.id = ? AND k.position < \(ItemPlace.first) AND (k.position < ? OR k.state = ?) ORDER BY k.position LIMIT ?
        """
}
