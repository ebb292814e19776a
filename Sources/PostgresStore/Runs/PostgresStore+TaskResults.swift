import StoreCore
public import WorkflowModel

extension PostgresStore {
    public func taskResults(matching query: TaskResultQuery) async throws -> [RunID: [TaskResult]] {
        try await readAnywhere { database in
            guard let number = try database.number(of: query.tenant) else { return [:] }
            var results: [RunID: [TaskResult]] = [:]
            for run in query.runs {
                let tasks = try database.rows(
                    TaskResultStatement.ofRun, number, run.id, run.createdAt, query.first, TaskState.failed, max(0, query.limit)
                ) { columns in try columns.nextTaskResult(isImported: try columns.next()) }
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
        FROM runs AS r
        JOIN tasks AS k ON k.tenant = r.tenant AND k.run = r.id AND k.run_created_at = r.created_at
        LEFT JOIN attempts AS a ON a.tenant = k.tenant AND a.run = k.run AND a.run_created_at = k.run_created_at
            AND a.position = k.position AND a.number = k.attempt
        WHERE r.tenant = $1 AND r.id = $2 AND r.created_at = $3 AND k.run_created_at = $3
            AND k.position < \(ItemPlace.first) AND (k.position < $4 OR k.state = $5)
        ORDER BY k.position LIMIT $6
        """
}
