import StoreCore
public import WorkflowModel

extension SQLiteStore {
    public func record(_ ending: TaskEnding, under lease: Lease) async throws {
        try await write { database in
            guard let tenant = try database.number(of: lease.tenant) else { return }
            try database.change(
                """
                UPDATE attempts SET terminated_at = ?, killed_at = ?, call_canceled_at = ?, gone_at = ?
                WHERE tenant = ? AND number = ? AND ended_at IS NULL AND (run, position) = (
                    SELECT k.run, k.position FROM runs AS r
                    CROSS JOIN tasks AS k ON k.tenant = r.tenant AND k.run = r.number
                    WHERE r.tenant = ? AND r.id = ? AND k.id = ? AND k.token = ?)
                """, ending.terminatedAt, ending.killedAt, ending.callCanceledAt, ending.goneAt, tenant, lease.attempt, tenant,
                lease.run, lease.task, lease.token)
        }
    }
}
