import StoreCore
public import WorkflowModel

extension SQLiteStore {
    public func run(_ id: RunID, of tenant: Tenant) async throws -> WorkflowRunDetails? {
        try await read { try $0.runDetails(id, of: tenant) }
    }

    public func attempts(of run: RunID, tenant: Tenant, at tasks: AttemptedTasks) async throws -> [TaskAttemptRecord] {
        let attempts = try await read { database -> [TaskAttemptRecord] in
            let places: Range<Int>
            switch tasks {
            case .all: places = 0..<Int(Int32.max)
            case .withoutItems: places = 0..<ItemPlace.first
            case .item(let id):
                guard let place = try database.place(of: id, in: run, of: tenant)?.position else { return [] }
                places = place..<place + 1
            }
            return try database.rows(
                """
                SELECT k.id, a.number, a.started_at, a.ended_at, a.outcome,
                    a.error_attribution, a.error_type, a.error_message, a.error_data,
                    a.terminated_at, a.killed_at, a.call_canceled_at, a.gone_at
                FROM runs AS r
                CROSS JOIN attempts AS a ON a.tenant = r.tenant AND a.run = r.number
                CROSS JOIN tasks AS k ON k.tenant = a.tenant AND k.run = a.run AND k.position = a.position
                WHERE r.tenant = (SELECT number FROM tenants WHERE name = ?) AND r.id = ? AND a.position >= ? AND a.position < ?
                """, tenant.name, run, places.lowerBound, places.upperBound
            ) { try $0.nextAttempt() }
        }
        return attempts.oldestFirst
    }
}

extension DatabaseConnection {
    /// A run with its tasks.
    func runDetails(_ id: RunID, of tenant: Tenant) throws -> WorkflowRunDetails? {
        guard let number = try number(of: tenant) else { return nil }
        let found = try row(
            """
            SELECT r.number, r.name, t.name, r.state, r.created_at, r.ended_at, p.id, p.name, p.email,
                r.error_attribution, r.error_type, r.error_message, r.error_data, \(RunColumns.origin), r.attempts, r.warnings,
                r.configuration IS NULL, r.launched_version, r.imported_version, r.warn_after_ms, r.stop_requested_at, r.stop_reason,
                s.id, s.name, s.email, r.after_stop_ms, r.called_by_run, r.called_by_task
            FROM runs AS r INDEXED BY runs_id
            CROSS JOIN run_types AS t ON t.number = r.type
            CROSS JOIN principals AS p ON p.number = r.principal
            LEFT JOIN principals AS s ON s.number = r.stop_requested_by
            WHERE r.tenant = ? AND r.id = ?
            """, number, id
        ) { columns in
            let number = try columns.next(Int.self)
            let run = WorkflowRun(
                id: id, tenant: tenant, name: try columns.next(), type: try columns.next(), state: try columns.next(),
                createdAt: try columns.next(), endedAt: try columns.next(), principal: try columns.nextPrincipal(),
                error: try columns.nextError(), origin: try columns.nextOrigin(), attempts: try columns.next(),
                warnings: try columns.next())
            return (number, try columns.nextDetails(of: run))
        }
        guard case (let run, var details)? = found else { return nil }
        if let configuration = details.origin.configuration, !details.isImported {
            try details.setVersions(
                current: try currentVersion(of: configuration, in: number), launched: { try versionCode($0, in: number) })
        }
        details.tasks = try taskInstances(
            of: id, numbered: run, tenant: tenant, numbered: number, isImported: details.isImported)
        details.notes = try notes(on: id, of: number)
        details.resolutions = try resolutions(of: run, tenant: number)
        return details
    }

    private func taskInstances(
        of run: RunID, numbered runNumber: Int, tenant: Tenant, numbered tenantNumber: Int, isImported: Bool
    ) throws -> [TaskInstance] {
        try rows(
            """
            SELECT id, label, state, state_changed_at, created_at, ended_at, execution_type, engine_run_id, definition_id,
                definition_type, timeout_ms, error_attribution, error_type, error_message, error_data, stage, attempt, kept_from,
                condition, warnings, resolution, gate, fan, NULL, needs IS NOT NULL
            FROM tasks WHERE tenant = ? AND run = ? AND position < ? ORDER BY position
            """, tenantNumber, runNumber, ItemPlace.first
        ) { try $0.nextTaskInstance(of: run, tenant: tenant, isImported: isImported) }
    }
}
