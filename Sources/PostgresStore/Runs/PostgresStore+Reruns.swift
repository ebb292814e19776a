import StoreCore
public import WorkflowModel

extension PostgresStore {
    public func reruns(of run: RunID, tenant: Tenant, limit: Int) async throws -> [WorkflowRun] {
        try await read { database in
            guard let number = try database.number(of: tenant) else { return [] }
            // A rerun is never older than its run, so that older months need not be read.
            let beginning = PartitionMonth(of: run)?.begin ?? .earliest
            let found = try database.rows(
                """
                SELECT \(RunColumns.list) FROM runs
                WHERE tenant = $1 AND rerun_of = $2 AND created_at >= $3 ORDER BY created_at DESC, id DESC LIMIT $4
                """, number, run, beginning, max(0, limit)
            ) { try $0.nextListedRun() }
            return try database.runs(found, of: tenant)
        }
    }

    public func lastSuccessfulRun(of configuration: String, tenant: Tenant, after place: RunCursor) async throws -> WorkflowRun? {
        try await read { database in
            guard let number = try database.number(of: tenant) else { return nil }
            let found = try database.rows(
                """
                SELECT \(RunColumns.list) FROM runs
                WHERE tenant = $1 AND configuration = $2 AND state = \(RunState.succeeded.code)
                    AND created_at <= $3 AND (created_at, id) < ($3, $4)
                ORDER BY created_at DESC, id DESC LIMIT 1
                """, number, configuration, place.value, place.id
            ) { try $0.nextListedRun() }
            return try database.runs(found, of: tenant).first
        }
    }

    public func outputs(of run: RunID, tenant: Tenant, upTo length: Int) async throws -> [TaskOutputs] {
        try await read { database in
            guard let number = try database.number(of: tenant) else { return [] }
            return try database.findRun(run, of: number) { from, to in
                let found = try database.rows(
                    """
                    SELECT definition_id, octet_length(outputs), CASE WHEN octet_length(outputs) <= $5 THEN outputs END FROM tasks
                    WHERE tenant = $1 AND run = $2 AND run_created_at >= $3 AND run_created_at < $4 AND outputs IS NOT NULL
                        AND position < $6
                    ORDER BY position
                    """, number, run, from, to, length, ItemPlace.first
                ) { try $0.nextOutputs() }
                return found.isEmpty ? nil : found
            } ?? []
        }
    }
}

enum RerunStatement {
    static let newest = """
        SELECT id FROM runs WHERE tenant = $1 AND rerun_of = $2 AND created_at >= $3 ORDER BY created_at DESC, id DESC LIMIT 1
        """
}
