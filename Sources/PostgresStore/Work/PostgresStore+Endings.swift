import StoreCore
public import WorkflowModel

extension PostgresStore {
    public func record(_ ending: TaskEnding, under lease: Lease) async throws {
        try await write { database in
            guard let tenant = try database.number(of: lease.tenant) else { return }
            let place = try database.row(
                """
                SELECT run_created_at, position FROM task_leases
                WHERE tenant = $1 AND run = $2 AND task = $3 AND token = $4
                """, tenant, lease.run, lease.task, lease.token
            ) { (try $0.next(Timestamp.self), try $0.next(Int.self)) }
            guard let (createdAt, position) = place else { return }
            try database.change(
                """
                UPDATE attempts SET terminated_at = $1, killed_at = $2, call_canceled_at = $3, gone_at = $4
                WHERE tenant = $5 AND run = $6 AND run_created_at = $7 AND position = $8 AND number = $9 AND ended_at IS NULL
                """, ending.terminatedAt, ending.killedAt, ending.callCanceledAt, ending.goneAt, tenant, lease.run, createdAt,
                position, lease.attempt)
        }
    }
}
