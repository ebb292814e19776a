import StoreCore
public import WorkflowModel

extension SQLiteStore {
    public func values(of task: TaskID, in run: RunID, tenant: Tenant) async throws -> TaskValues? {
        try await read { database in
            guard let place = try database.place(of: task, in: run, of: tenant) else { return nil }
            // An item needs what its group needs.
            let found = try database.row(
                """
                SELECT g.needs, k.outputs FROM tasks AS k
                CROSS JOIN tasks AS g ON g.tenant = k.tenant AND g.run = k.run AND g.position = ?
                WHERE k.tenant = ? AND k.run = ? AND k.position = ? AND k.id = ?
                """, ItemPlace.group(of: place.position) ?? place.position, place.tenant, place.run, place.position, task
            ) { columns in
                let needs = try Needs.ids(columns.next())
                return TaskValues(needs: needs, outputs: try columns.next())
            }
            guard var values = found else { return nil }
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
            "SELECT definition_id, outputs FROM tasks WHERE tenant = ? AND run = ? AND position < ? AND outputs IS NOT NULL",
            tenant,
            run, ItemPlace.first
        ) { (try $0.next(String.self), try $0.next(JSONText.self)) }
        let wanted = Set(definitionIDs)
        return Dictionary(outputs.filter { wanted.contains($0.0) }, uniquingKeysWith: { first, _ in first })
    }
}
