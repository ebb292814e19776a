import StoreCore
public import WorkflowModel

extension SQLiteStore {
    public func values(of task: TaskID, in run: RunID, tenant: Tenant) async throws -> TaskValues? {
        try await read { database in
            let found = try database.row(
                """
                SELECT k.tenant, k.run, k.needs, k.outputs
                FROM runs AS r CROSS JOIN tasks AS k ON k.tenant = r.tenant AND k.run = r.number
                WHERE r.tenant = (SELECT number FROM tenants WHERE name = ?) AND r.id = ? AND k.id = ?
                """, tenant.name, run, task
            ) { columns in
                let place = (tenant: try columns.next(Int.self), run: try columns.next(Int.self))
                let needs = try Needs.ids(columns.next())
                return (place, TaskValues(needs: needs, outputs: try columns.next()))
            }
            guard case (let place, var values)? = found else { return nil }
            values.inputs = try database.outputs(of: values.needs, in: place.run, of: place.tenant)
            return values
        }
    }
}

extension SQLiteStore {
    public func outputs(ofTasks definitionIDs: Set<String>, for lease: Lease) async throws -> [String: JSONText] {
        try await read { database in
            guard let tenant = try database.number(of: lease.tenant) else { return [:] }
            let run = try database.row("SELECT number FROM runs WHERE tenant = ? AND id = ?", tenant, lease.run) {
                try $0.next(Int.self)
            }
            return try run.map { try database.outputs(of: Array(definitionIDs), in: $0, of: tenant) } ?? [:]
        }
    }
}

extension DatabaseConnection {
    /// Outputs of tasks by their definition ids; tasks without outputs are left out.
    func outputs(of definitionIDs: [String], in run: Int, of tenant: Int) throws -> [String: JSONText] {
        guard !definitionIDs.isEmpty else { return [:] }
        let outputs = try rows(
            "SELECT definition_id, outputs FROM tasks WHERE tenant = ? AND run = ? AND outputs IS NOT NULL", tenant, run
        ) { (try $0.next(String.self), try $0.next(JSONText.self)) }
        let wanted = Set(definitionIDs)
        return Dictionary(outputs.filter { wanted.contains($0.0) }, uniquingKeysWith: { first, _ in first })
    }
}
