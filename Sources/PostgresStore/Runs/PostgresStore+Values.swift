import StoreCore
public import WorkflowModel

extension PostgresStore {
    public func values(of task: TaskID, in run: RunID, tenant: Tenant) async throws -> TaskValues? {
        try await readAnywhere(consistently: true) { database in
            guard let number = try database.number(of: tenant) else { return nil }
            return try database.findRun(run, of: number) { from, to in
                let found = try database.row(
                    """
                    SELECT run_created_at, needs, outputs FROM tasks
                    WHERE tenant = $1 AND run = $2 AND run_created_at >= $3 AND run_created_at < $4 AND id = $5
                    """, number, run, from, to, task
                ) { columns in
                    let createdAt = try columns.next(Timestamp.self)
                    return (createdAt, TaskValues(needs: try Needs.ids(columns.next()), outputs: try columns.next()))
                }
                guard case (let createdAt, var values)? = found else { return nil }
                values.inputs = try database.outputs(of: values.needs, in: RunKey(tenant: number, id: run, createdAt: createdAt))
                return values
            }
        }
    }
}

extension PostgresStore {
    public func outputs(ofTasks definitionIDs: Set<String>, for lease: Lease) async throws -> [String: JSONText] {
        try await read { database in
            guard let tenant = try database.number(of: lease.tenant) else { return [:] }
            let key = try database.findRun(lease.run, of: tenant) { from, to in
                try database.row(
                    "SELECT created_at FROM runs WHERE tenant = $1 AND id = $2 AND created_at >= $3 AND created_at < $4", tenant,
                    lease.run,
                    from, to
                ) { RunKey(tenant: tenant, id: lease.run, createdAt: try $0.next()) }
            }
            return try key.map { try database.outputs(of: Array(definitionIDs), in: $0) } ?? [:]
        }
    }
}

extension PostgresConnection {
    /// Outputs of tasks by their definition ids; tasks without outputs are left out.
    func outputs(of definitionIDs: [String], in run: RunKey) throws -> [String: JSONText] {
        guard !definitionIDs.isEmpty else { return [:] }
        let outputs = try rows(
            """
            SELECT definition_id, outputs FROM tasks
            WHERE tenant = $1 AND run = $2 AND run_created_at = $3 AND outputs IS NOT NULL AND definition_id = ANY ($4)
            ORDER BY position
            """, run.tenant, run.id, run.createdAt, Column(definitionIDs)
        ) { (try $0.next(String.self), try $0.next(JSONText.self)) }
        return Dictionary(outputs, uniquingKeysWith: { first, _ in first })
    }
}
