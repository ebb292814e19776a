import StoreCore
public import WorkflowModel

extension SQLiteStore {
    public func newlyOverdueRunsOfAllTenants(at now: Timestamp) async throws -> [OverdueRun] {
        try await write { database in
            let overdue = try database.rows(
                """
                SELECT r.number, r.tenant, r.id, t.name, r.name, r.created_at, r.warn_after_ms
                FROM runs AS r INDEXED BY runs_warn CROSS JOIN tenants AS t ON t.number = r.tenant
                WHERE r.warn_at <= ? ORDER BY r.warn_at
                """, now
            ) { columns in
                let number = try columns.next(Int.self)
                let tenant = try columns.next(Int.self)
                let run = OverdueRun(
                    id: try columns.next(), tenant: try columns.nextTenant(), name: try columns.next(),
                    createdAt: try columns.next(), warnAfter: try columns.next())
                return (number, tenant, run)
            }
            for (number, tenant, _) in overdue {
                try database.change("UPDATE runs SET warn_at = NULL WHERE number = ?", number)
                try database.raiseAlerts([.slow], of: number, tenant: tenant, at: now)
            }
            return overdue.map(\.2)
        }
    }
}
