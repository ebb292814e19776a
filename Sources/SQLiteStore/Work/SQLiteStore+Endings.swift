import StoreCore
public import WorkflowModel

extension SQLiteStore {
    public func record(_ ending: TaskEnding, under lease: Lease) async throws {
        try await write { database in
            guard let place = try database.place(of: lease.task, in: lease.run, of: lease.tenant) else { return }
            try database.change(
                """
                UPDATE attempts SET terminated_at = ?1, killed_at = ?2, call_canceled_at = ?3, gone_at = ?4
                WHERE tenant = ?5 AND run = ?6 AND position = ?7 AND number = ?8 AND ended_at IS NULL AND EXISTS (
                    SELECT 1 FROM tasks AS k WHERE k.tenant = ?5 AND k.run = ?6 AND k.position = ?7 AND k.token = ?9)
                """, ending.terminatedAt, ending.killedAt, ending.callCanceledAt, ending.goneAt, place.tenant, place.run,
                place.position, lease.attempt, lease.token)
        }
    }
}
