import StoreCore
public import WorkflowModel

extension PostgresStore {
    public func items(matching query: TaskItemQuery) async throws -> [TaskInstance] {
        try await readAnywhere(consistently: true) { database in
            guard let tenant = try database.number(of: query.tenant) else { return [] }
            return try database.findRun(query.run, of: tenant) { from, to in
                let group = try query.group.map { try database.place(of: $0, in: query.run, of: tenant, from: from, to: to) } ?? nil
                if query.group != nil, group == nil { return nil }
                let places = query.positions(ofGroup: group)
                let found = try database.rows(
                    TaskItemStatement.items, tenant, query.run, from, to, places.lowerBound, places.upperBound, query.states.mask,
                    max(0, query.limit)
                ) { try $0.nextTaskInstance(of: query.run, tenant: query.tenant, isImported: false) }
                return found.isEmpty ? nil : found
            } ?? []
        }
    }
}

enum TaskItemStatement {
    static let items = """
        SELECT id, label, state, state_changed_at, created_at, ended_at, execution_type, engine_run_id, definition_id,
            definition_type, timeout_ms, error_attribution, error_type, error_message, error_data, stage, attempt, kept_from,
            condition, warnings, resolution, gate, fan, item, needs IS NOT NULL
        FROM tasks
        WHERE tenant = $1 AND run = $2 AND run_created_at >= $3 AND run_created_at < $4 AND position >= $5 AND position < $6
            AND (1 << state::integer) & $7 <> 0
        ORDER BY position LIMIT $8
        """
}
