import StoreCore
public import WorkflowModel

extension PostgresStore {
    public func runs(withIDs ids: [RunID], of tenant: Tenant) async throws -> [WorkflowRun] {
        try await readAnywhere { database in
            guard let number = try database.number(of: tenant), !ids.isEmpty else { return [] }
            let months = ids.compactMap { id in PartitionMonth(of: id).map { (id, $0.begin, $0.end) } }
            var found = try database.runs(months, of: number)
            let missing = Set(ids).subtracting(found.map(\.id))
            if !missing.isEmpty {
                let listed = try database.rows(
                    "SELECT id, created_at, created_at + 1 FROM stray_runs WHERE tenant = $1 AND id = ANY ($2)", number,
                    Column(Array(missing))
                ) { (try $0.next(RunID.self), try $0.next(Timestamp.self), try $0.next(Timestamp.self)) }
                found += try database.runs(listed, of: number)
            }
            let byID = Dictionary(try database.runs(found, of: tenant).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
            return ids.compactMap { byID[$0] }
        }
    }

    public func latestRuns(
        ofEach configurations: [String], of tenant: Tenant, limit: Int
    ) async throws -> [String: [RecentRun]] {
        try await readAnywhere { database in
            guard let number = try database.number(of: tenant) else { return [:] }
            let found = try database.rows(
                """
                SELECT c.configuration, r.* FROM unnest($1) AS c (configuration)
                CROSS JOIN LATERAL (
                    SELECT \(RunColumns.list), rerun_of IS NOT NULL AND EXISTS (
                        SELECT 1 FROM tasks AS k WHERE k.tenant = runs.tenant AND k.run = runs.id
                            AND k.run_created_at = runs.created_at AND k.kept_from IS NOT NULL)
                    FROM runs WHERE tenant = $2 AND configuration = c.configuration
                    ORDER BY created_at DESC, id DESC LIMIT $3) AS r
                """, Column(Array(Set(configurations))), number, max(0, limit)
            ) { (try $0.next(String.self), try $0.nextListedRun(), try $0.next(Bool.self)) }
            return try Dictionary(grouping: found, by: \.0).mapValues { rows in
                zip(try database.runs(rows.map(\.1), of: tenant), rows.map(\.2)).map { RecentRun($0, keepsTasks: $1) }
                    .sorted { ($0.run.createdAt, $0.run.id) > ($1.run.createdAt, $1.run.id) }
            }
        }
    }

    public func runTypes(of tenant: Tenant, limit: Int) async throws -> [String] {
        try await readAnywhere { database in
            guard let number = try database.number(of: tenant) else { return [] }
            return try database.rows(
                "SELECT name FROM run_types WHERE tenant = $1 ORDER BY name LIMIT $2", number, max(0, limit)
            ) { try $0.next() }
        }
    }
}

extension PostgresConnection {
    /// Runs by their ids and the spans of time in which they were created.
    fileprivate func runs(_ places: [(id: RunID, begin: Timestamp, end: Timestamp)], of tenant: Int) throws -> [ListedRun] {
        guard let first = places.map(\.begin).min(), let last = places.map(\.end).max() else { return [] }
        return try rows(
            """
            SELECT r.* FROM unnest($1, $2, $3) AS c (id, span_begin, span_end)
            CROSS JOIN LATERAL (
                SELECT \(RunColumns.list) FROM runs
                WHERE tenant = $4 AND id = c.id AND created_at >= c.span_begin AND created_at < c.span_end
                    AND created_at >= $5 AND created_at < $6) AS r
            """, Column(places.map(\.id)), Column(places.map(\.begin)), Column(places.map(\.end)), tenant, first, last
        ) { try $0.nextListedRun() }
    }
}
