import StoreCore
public import WorkflowModel

extension PostgresStore {
    public func values(of task: TaskID, in run: RunID, tenant: Tenant) async throws -> TaskValues? {
        try await readAnywhere(consistently: true) { database in
            guard let number = try database.number(of: tenant) else { return nil }
            return try database.findRun(run, of: number) { from, to in
                guard let place = try database.place(of: task, in: run, of: number, from: from, to: to) else { return nil }
                // An item needs what its group needs.
                let found = try database.row(
                    """
                    SELECT k.run_created_at, g.needs, k.outputs FROM tasks AS k
                    JOIN tasks AS g ON g.tenant = k.tenant AND g.run = k.run AND g.run_created_at = k.run_created_at AND g.position = $6
                    WHERE k.tenant = $1 AND k.run = $2 AND k.run_created_at >= $3 AND k.run_created_at < $4 AND k.position = $5
                        AND g.run_created_at >= $3 AND g.run_created_at < $4
                    """, number, run, from, to, place, ItemPlace.group(of: place) ?? place
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
                AND position < $5
            ORDER BY position
            """, run.tenant, run.id, run.createdAt, Column(definitionIDs), ItemPlace.first
        ) { (try $0.next(String.self), try $0.next(JSONText.self)) }
        return Dictionary(outputs, uniquingKeysWith: { first, _ in first })
    }
}
