import StoreCore
public import WorkflowModel

extension SQLiteStore {
    public func items(matching query: TaskItemQuery) async throws -> [TaskInstance] {
        try await read { database in
            guard let tenant = try database.number(of: query.tenant) else { return [] }
            let run = try database.row(TaskItemStatement.run, tenant, query.run) { try $0.next(Int.self) }
            guard let run else { return [] }
            let group = try query.group.map { try database.place(of: $0, in: run, of: tenant) } ?? nil
            if query.group != nil, group == nil { return [] }
            let places = query.positions(ofGroup: group)
            return try database.rows(
                TaskItemStatement.items, tenant, run, places.lowerBound, places.upperBound, query.states.mask, max(0, query.limit)
            ) { try $0.nextTaskInstance(of: query.run, tenant: query.tenant, isImported: false) }
        }
    }
}

enum TaskItemStatement {
    static let run = "SELECT number FROM runs WHERE tenant = ? AND id = ?"
    static let items = """
        SELECT id, label, state, state_changed_at, created_at, ended_at, execution_type, engine_run_id, definition_id,
            definition_type, timeout_ms, error_attribution, error_type, error_message, error_data, stage, attempt, kept_from,
            condition, warnings, resolution, gate, fan, item, needs IS NOT NULL
        FROM tasks WHERE tenant = ? AND run = ? AND position >= ? AND position < ? AND (1 << state) & ? <> 0
        ORDER BY position LIMIT ?
        """
}
