import StoreCore
public import WorkflowModel

extension SQLiteStore {
    public func stopRun(_ id: RunID, of tenant: Tenant, for request: RunStop) async throws -> WorkflowRunDetails? {
        try await write { database, signals in
            try database.stop(id, of: tenant, for: request, isRepeated: false, signals: &signals)?.details
        }
    }
}

extension DatabaseConnection {
    func stop(
        _ id: RunID, of tenant: Tenant, for request: RunStop, isRepeated: Bool, signals: inout Set<StoreSignal>
    ) throws -> StopOutcome? {
        guard let number = try number(of: tenant), let run = try storedRun(id, of: number) else { return nil }
        let isChange = run.progress.canBeStopped
        try stop(run, of: tenant, for: request, isRepeated: isRepeated, signals: &signals)
        guard let details = try runDetails(id, of: tenant) else { return nil }
        if isChange {
            try record(.runStopped, AuditObject(id.rawValue, name: details.run.name), of: tenant, numbered: number)
        }
        return StopOutcome(details: details, isChange: isChange)
    }
}

extension SQLiteStore {
    public func stops(of runs: [RunID], tenant: Tenant) async throws -> [RunID: RunStop] {
        try await read { database in
            guard let number = try database.number(of: tenant) else { return [:] }
            let statement = try database.prepared(
                """
                SELECT r.stop_requested_at, r.stop_reason, p.id, p.name, p.email FROM runs AS r INDEXED BY runs_id
                CROSS JOIN principals AS p ON p.number = r.stop_requested_by
                WHERE r.tenant = ? AND r.id = ?
                """)
            var stops: [RunID: RunStop] = [:]
            for run in runs { stops[run] = try statement.rows(number, run) { try $0.nextStop() }.first ?? nil }
            return stops
        }
    }
}
