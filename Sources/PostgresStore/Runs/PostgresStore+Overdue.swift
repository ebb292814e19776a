import StoreCore
public import WorkflowModel

extension PostgresStore {
    public func newlyOverdueRunsOfAllTenants(at now: Timestamp) async throws -> [OverdueRun] {
        try await write { (database, attempt: inout WriteAttempt<[OverdueRun]>) in
            // Deleting the row makes one node report the run.
            let overdue = try database.rows(
                """
                WITH due AS MATERIALIZED (
                    SELECT tenant, run FROM run_warnings WHERE warn_at <= $1 ORDER BY warn_at FOR UPDATE SKIP LOCKED)
                DELETE FROM run_warnings AS w USING due AS d WHERE w.tenant = d.tenant AND w.run = d.run
                RETURNING w.tenant, w.run, w.name, w.run_created_at, w.warn_after_ms, w.warn_at
                """, now
            ) { columns in
                let tenant = try columns.next(Int.self)
                let run = OverdueRun(
                    id: try columns.next(), tenant: try database.tenant(numbered: tenant), name: try columns.next(),
                    createdAt: try columns.next(), warnAfter: try columns.next())
                return (try columns.next(Timestamp.self), run, RunKey(tenant: tenant, id: run.id, createdAt: run.createdAt))
            }
            for (_, _, key) in overdue { try database.raiseAlerts([.slow], of: key, tenant: key.tenant, at: now) }
            // An earlier try has deleted the rows, or they are found again.
            if let former = attempt.former, overdue.isEmpty { return former }
            return overdue.sorted { ($0.0, $0.1.id) < ($1.0, $1.1.id) }.map(\.1)
        }
    }
}
