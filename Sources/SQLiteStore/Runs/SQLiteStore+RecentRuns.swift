import StoreCore
public import WorkflowModel

extension SQLiteStore {
    public func runs(withIDs ids: [RunID], of tenant: Tenant) async throws -> [WorkflowRun] {
        try await read { database in
            guard let number = try database.number(of: tenant) else { return [] }
            var names = RunNames(database)
            let statement = try database.prepared(
                """
                SELECT \(RunColumns.list)
                FROM runs AS r INDEXED BY runs_id
                WHERE r.tenant = ? AND r.id = ?
                """)
            return try ids.flatMap { id in try statement.rows(number, id) { try $0.nextRun(of: tenant, &names) } }
        }
    }

    public func latestRuns(
        ofEach configurations: [String], of tenant: Tenant, limit: Int
    ) async throws -> [String: [RecentRun]] {
        try await read { database in
            guard let number = try database.number(of: tenant) else { return [:] }
            var names = RunNames(database)
            let statement = try database.prepared(
                """
                SELECT \(RunColumns.list),
                    r.rerun_of IS NOT NULL AND EXISTS (
                        SELECT 1 FROM tasks AS k WHERE k.tenant = r.tenant AND k.run = r.number AND k.kept_from IS NOT NULL)
                FROM runs AS r INDEXED BY runs_configuration
                WHERE r.tenant = ? AND r.configuration = ?
                ORDER BY r.created_at DESC, r.id DESC LIMIT ?
                """)
            var latest: [String: [RecentRun]] = [:]
            for configuration in configurations {
                let runs = try statement.rows(number, configuration, max(0, limit)) {
                    RecentRun(try $0.nextRun(of: tenant, &names), keepsTasks: try $0.next())
                }
                if !runs.isEmpty { latest[configuration] = runs }
            }
            return latest
        }
    }

    public func runTypes(of tenant: Tenant, limit: Int) async throws -> [String] {
        try await read { database in
            guard let number = try database.number(of: tenant) else { return [] }
            return try database.rows(
                "SELECT name FROM run_types WHERE tenant = ? ORDER BY name LIMIT ?", number, max(0, limit)
            ) { try $0.next() }
        }
    }
}
