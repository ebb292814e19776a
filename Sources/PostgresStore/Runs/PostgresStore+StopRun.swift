import StoreCore
public import WorkflowModel

extension PostgresStore {
    public func stopRun(_ id: RunID, of tenant: Tenant, for request: RunStop) async throws -> WorkflowRunDetails? {
        try await write { (database, attempt: inout WriteAttempt<WorkflowRunDetails?>) in
            guard let number = try database.number(of: tenant) else { return nil }
            // Locks ready tasks before their run, as a claim does, so that the two never deadlock.
            _ = try database.execute(
                "SELECT 1 FROM ready_tasks WHERE tenant = $1 AND run = $2 ORDER BY position FOR UPDATE", [number, id])
            guard let run = try database.storedRun(id, of: number) else { return nil }
            let isChange = run.progress.canBeStopped
            try database.stop(run, of: tenant, for: request, isRepeated: attempt.former != nil, signals: &attempt.signals)
            let details = try database.runDetails(id, of: tenant)
            if isChange {
                try database.record(
                    .runStopped, AuditObject(id.rawValue, name: details?.run.name), of: tenant, numbered: number)
            }
            return details
        }
    }
}

extension PostgresStore {
    public func stops(of runs: [RunID], tenant: Tenant) async throws -> [RunID: RunStop] {
        try await readAnywhere { database in
            guard let number = try database.number(of: tenant) else { return [:] }
            var stops: [RunID: RunStop] = [:]
            for run in runs {
                stops[run] = try database.findRun(run, of: number) { from, to in
                    try database.row(
                        """
                        SELECT r.stop_requested_at, p.id, p.name, p.email FROM runs AS r
                        JOIN principals AS p ON p.number = r.stop_requested_by
                        WHERE r.tenant = $1 AND r.id = $2 AND r.created_at >= $3 AND r.created_at < $4
                        """, number, run, from, to
                    ) { try $0.nextStop() } ?? nil
                }
            }
            return stops
        }
    }
}
