import StoreCore
public import WorkflowModel

extension SQLiteStore {
    public func renewLeases(_ leases: [Lease], until expiry: Timestamp) async throws -> [Lease: LeaseStatus] {
        guard !leases.isEmpty else { return [:] }
        return try await write { database in
            var statuses: [Lease: LeaseStatus] = [:]
            for lease in leases { statuses[lease] = try database.renew(lease, until: expiry) }
            return statuses
        }
    }

    public func expiredLeasesOfAllTenants(at now: Timestamp, limit: Int) async throws -> [LeasedTask] {
        try await read { try $0.rows(LeaseStatement.expired, now, limit) { try $0.nextLeasedTask() } }
    }

    public func leasesOfAllTenants(notHeldBy worker: String) async throws -> [LeasedTask] {
        try await read { try $0.rows(LeaseStatement.ofOthers, worker) { try $0.nextLeasedTask() } }
    }
}

/// The statements about leases of all tenants.
enum LeaseStatement {
    private static let columns = """
        SELECT t.name, r.id, k.id, k.attempt, k.token, k.definition_id, r.launched_version, k.worker
        FROM tasks AS k INDEXED BY tasks_leased
        CROSS JOIN runs AS r ON r.number = k.run
        CROSS JOIN tenants AS t ON t.number = k.tenant
        """
    static let expired = columns + "\nWHERE k.lease_expires_at <= ? ORDER BY k.lease_expires_at LIMIT ?"
    static let ofOthers = columns + "\nWHERE k.lease_expires_at IS NOT NULL AND k.worker <> ? ORDER BY k.lease_expires_at"
}

extension DatabaseConnection {
    fileprivate func renew(_ lease: Lease, until expiry: Timestamp) throws -> LeaseStatus {
        guard let place = try place(of: lease.task, in: lease.run, of: lease.tenant) else { return .lost }
        let state = try row(
            "SELECT state FROM tasks WHERE tenant = ? AND run = ? AND position = ? AND token = ? AND worker IS NOT NULL",
            place.tenant,
            place.run, place.position, lease.token
        ) { try $0.next(TaskState.self) }
        guard let state else { return .lost }
        try change(
            "UPDATE tasks SET lease_expires_at = ? WHERE tenant = ? AND run = ? AND position = ?", expiry, place.tenant, place.run,
            place.position)
        return state == .stopping ? .stopRequested : .held
    }
}

extension ColumnReader {
    fileprivate mutating func nextLeasedTask() throws -> LeasedTask {
        let lease = Lease(
            tenant: try nextTenant(), run: try next(), task: try next(), attempt: try next(), token: try next())
        return LeasedTask(lease: lease, definitionID: try next(), version: try next(), worker: try next())
    }
}
