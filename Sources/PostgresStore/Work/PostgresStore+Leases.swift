import StoreCore
public import WorkflowModel

extension PostgresStore {
    public func renewLeases(_ leases: [Lease], until expiry: Timestamp) async throws -> [Lease: LeaseStatus] {
        guard !leases.isEmpty else { return [:] }
        return try await write { database in
            var statuses = Dictionary(leases.map { ($0, LeaseStatus.lost) }, uniquingKeysWith: { first, _ in first })
            let known = try leases.compactMap { lease in try database.number(of: lease.tenant).map { (lease, $0) } }
            let renewed = try database.rows(
                LeaseStatement.renew, Column(known.map(\.1)), Column(known.map(\.0.run)), Column(known.map(\.0.task)),
                Column(known.map(\.0.token)), Column(Array(known.indices)), expiry
            ) { (try $0.next(Int.self), try $0.next(Bool.self)) }
            for (index, isStopping) in renewed { statuses[known[index].0] = isStopping ? .stopRequested : .held }
            return statuses
        }
    }

    public func expiredLeasesOfAllTenants(at now: Timestamp, limit: Int) async throws -> [LeasedTask] {
        try await read { database in
            try database.rows(LeaseStatement.expired, now, limit) { try database.nextLeasedTask(from: &$0) }
        }
    }

    public func leasesOfAllTenants(notHeldBy worker: String) async throws -> [LeasedTask] {
        try await read { database in
            try database.rows(LeaseStatement.ofOthers, worker) { try database.nextLeasedTask(from: &$0) }
        }
    }
}

/// The statements about leases of all tenants.
enum LeaseStatement {
    private static let columns = "SELECT tenant, run, task, attempt, token, definition_id, version, worker FROM task_leases"
    static let expired = columns + " WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2"
    static let ofOthers = columns + " WHERE worker <> $1 ORDER BY expires_at"
    /// Locks the leases in one order, so that two renewals never deadlock.
    static let renew = """
        WITH held AS MATERIALIZED (
            SELECT l.tenant, l.run, l.task, c.index FROM unnest($1, $2, $3, $4, $5) AS c (tenant, run, task, token, index)
            JOIN task_leases AS l ON l.tenant = c.tenant AND l.run = c.run AND l.task = c.task AND l.token = c.token
            ORDER BY l.tenant, l.run, l.task FOR UPDATE OF l)
        UPDATE task_leases AS l SET expires_at = $6 FROM held AS h
        WHERE l.tenant = h.tenant AND l.run = h.run AND l.task = h.task
        RETURNING h.index, l.is_stopping
        """
}

extension PostgresConnection {
    fileprivate func nextLeasedTask(from columns: inout ColumnReader) throws -> LeasedTask {
        let lease = Lease(
            tenant: try tenant(numbered: try columns.next()), run: try columns.next(), task: try columns.next(),
            attempt: try columns.next(), token: try columns.next())
        return LeasedTask(
            lease: lease, definitionID: try columns.next(), version: try columns.next(), worker: try columns.next())
    }
}
