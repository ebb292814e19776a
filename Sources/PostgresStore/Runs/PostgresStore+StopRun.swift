import StoreCore
public import WorkflowModel

extension PostgresStore {
    public func stopRun(_ id: RunID, of tenant: Tenant, for request: RunStop) async throws -> WorkflowRunDetails? {
        try await write { (database, attempt: inout WriteAttempt<WorkflowRunDetails?>) in
            try database.stop(
                id, of: tenant, for: request, isRepeated: attempt.former != nil, signals: &attempt.signals)?.details
        }
    }
}

extension PostgresConnection {
    func stop(
        _ id: RunID, of tenant: Tenant, for request: RunStop, isRepeated: Bool, signals: inout Set<StoreSignal>
    ) throws -> StopOutcome? {
        guard let number = try number(of: tenant) else { return nil }
        if try isImported(id, of: number) { try lockMarks() }
        try lockReadyTasks(of: id, tenant: number)
        guard let run = try storedRun(id, of: number) else { return nil }
        let isChange = run.progress.canBeStopped
        try stop(run, of: tenant, for: request, isRepeated: isRepeated, signals: &signals)
        guard let details = try runDetails(id, of: tenant) else { return nil }
        if isChange {
            try record(.runStopped, AuditObject(id.rawValue, name: details.run.name), of: tenant, numbered: number)
        }
        return StopOutcome(details: details, isChange: isChange)
    }
}

extension PostgresConnection {
    private func isImported(_ id: RunID, of tenant: Int) throws -> Bool {
        try findRun(id, of: tenant) { from, to in
            try row(
                "SELECT configuration IS NULL FROM runs WHERE tenant = $1 AND id = $2 AND created_at >= $3 AND created_at < $4",
                tenant, id, from, to
            ) { try $0.next(Bool.self) }
        } ?? false
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
                        SELECT r.stop_requested_at, r.stop_reason, p.id, p.name, p.email FROM runs AS r
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
