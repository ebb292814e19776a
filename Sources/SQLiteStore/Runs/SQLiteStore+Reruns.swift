import StoreCore
public import WorkflowModel

extension SQLiteStore {
    public func reruns(of run: RunID, tenant: Tenant, limit: Int) async throws -> [WorkflowRun] {
        try await read { database in
            guard let number = try database.number(of: tenant) else { return [] }
            var names = RunNames(database)
            return try database.rows(
                """
                SELECT \(RunColumns.list)
                FROM runs AS r INDEXED BY runs_rerun_of
                WHERE r.tenant = ? AND r.rerun_of = ?
                ORDER BY r.created_at DESC, r.id DESC LIMIT ?
                """, number, run, max(0, limit)
            ) { try $0.nextRun(of: tenant, &names) }
        }
    }

    public func lastSuccessfulRun(of configuration: String, tenant: Tenant, after place: RunCursor) async throws -> WorkflowRun? {
        try await read { database in
            guard let number = try database.number(of: tenant) else { return nil }
            var names = RunNames(database)
            return try database.row(
                """
                SELECT \(RunColumns.list)
                FROM runs AS r INDEXED BY runs_good
                WHERE r.tenant = ? AND r.configuration = ? AND r.state = \(RunState.succeeded.code)
                    AND (r.created_at, r.id) < (?, ?)
                ORDER BY r.created_at DESC, r.id DESC LIMIT 1
                """, number, configuration, place.value, place.id
            ) { try $0.nextRun(of: tenant, &names) }
        }
    }

    public func outputs(of run: RunID, tenant: Tenant, upTo length: Int) async throws -> [TaskOutputs] {
        try await read { database in
            try database.rows(
                """
                SELECT k.definition_id, length(CAST(k.outputs AS BLOB)),
                    iif(length(CAST(k.outputs AS BLOB)) <= ?3, k.outputs, NULL)
                FROM runs AS r CROSS JOIN tasks AS k ON k.tenant = r.tenant AND k.run = r.number
                WHERE r.tenant = (SELECT number FROM tenants WHERE name = ?1) AND r.id = ?2 AND k.outputs IS NOT NULL AND k.position < ?4
                ORDER BY k.position
                """, tenant.name, run, length, ItemPlace.first
            ) { try $0.nextOutputs() }
        }
    }
}

enum RerunStatement {
    static let newest = """
        SELECT id FROM runs INDEXED BY runs_rerun_of WHERE tenant = ? AND rerun_of = ? ORDER BY created_at DESC, id DESC LIMIT 1
        """
}
