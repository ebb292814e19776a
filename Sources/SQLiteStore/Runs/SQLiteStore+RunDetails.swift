import GRDB
public import WorkflowModel

extension SQLiteStore {
    public func run(_ id: RunID, of tenant: Tenant) async throws -> WorkflowRunDetails? {
        try await read { try $0.runDetails(id, of: tenant) }
    }

    public func attempts(of run: RunID, tenant: Tenant) async throws -> [TaskAttemptRecord] {
        let attempts = try await read { database in
            try database.rows(
                """
                SELECT k.id, a.number, a.started_at, a.ended_at, a.outcome,
                    a.error_attribution, a.error_type, a.error_message, a.error_data
                FROM runs AS r
                CROSS JOIN attempts AS a ON a.tenant = r.tenant AND a.run = r.number
                CROSS JOIN tasks AS k ON k.tenant = a.tenant AND k.run = a.run AND k.position = a.position
                WHERE r.tenant = (SELECT number FROM tenants WHERE name = ?) AND r.id = ?
                """, tenant.name, run
            ) { columns in
                TaskAttemptRecord(
                    task: try columns.next(), number: try columns.next(), startedAt: try columns.next(),
                    endedAt: try columns.next(), outcome: try columns.next(), error: try columns.nextError())
            }
        }
        // They come in the order of the tasks, which is to decide between those that began together.
        return attempts.enumerated().sorted { ($0.element.startedAt, $0.offset) < ($1.element.startedAt, $1.offset) }
            .map(\.element)
    }
}

extension Database {
    /// A run with its tasks as they are now.
    func runDetails(_ id: RunID, of tenant: Tenant) throws -> WorkflowRunDetails? {
        guard let number = try number(of: tenant) else { return nil }
        let found = try row(
            """
            SELECT r.number, r.name, t.name, r.state, r.created_at, r.ended_at, p.id, p.name, p.email,
                r.error_attribution, r.error_type, r.error_message, r.error_data,
                r.configuration, r.launched_version, r.imported_version, r.warn_after_ms, r.run_mode, r.range_from, r.range_to,
                r.scheduled_for, r.schedule, r.rerun_of
            FROM runs AS r INDEXED BY runs_id
            CROSS JOIN run_types AS t ON t.number = r.type
            CROSS JOIN principals AS p ON p.number = r.principal
            WHERE r.tenant = ? AND r.id = ?
            """, number, id
        ) { columns in
            let run = try columns.next(Int64.self)
            let details = WorkflowRunDetails(
                run: WorkflowRun(
                    id: id, tenant: tenant, name: try columns.next(), type: try columns.next(), state: try columns.next(),
                    createdAt: try columns.next(), endedAt: try columns.next(), principal: try columns.nextPrincipal(),
                    error: try columns.nextError()),
                configuration: try columns.next(), launchedVersion: try columns.next(), currentVersion: try columns.next(),
                warnAfter: try columns.next(), runMode: try columns.next(), range: try columns.nextRange(),
                scheduledFor: try columns.next(), schedule: try columns.next(), rerunOf: try columns.next())
            return (run, details)
        }
        guard case (let run, var details)? = found else { return nil }
        if let configuration = details.configuration {
            details.currentVersion = try currentVersion(of: configuration, in: number)
        }
        details.tasks = try taskInstances(of: id, numbered: run, tenant: tenant, numbered: number)
        return details
    }

    private func taskInstances(
        of run: RunID, numbered runNumber: Int64, tenant: Tenant, numbered tenantNumber: Int64
    ) throws -> [TaskInstance] {
        try rows(
            """
            SELECT id, label, state, state_changed_at, created_at, ended_at, execution_type, engine_run_id, definition_id,
                definition_type, timeout_ms, error_attribution, error_type, error_message, error_data, stage, attempt, kept_from
            FROM tasks WHERE tenant = ? AND run = ? ORDER BY position
            """, tenantNumber, runNumber
        ) { columns in
            TaskInstance(
                id: try columns.next(), run: run, tenant: tenant, label: try columns.next(), state: try columns.next(),
                stateChangedAt: try columns.next(), createdAt: try columns.next(), endedAt: try columns.next(),
                executionType: try columns.next(), engineRunID: try columns.next(), definitionID: try columns.next(),
                definitionType: try columns.next(), timeout: try columns.next(), error: try columns.nextError(),
                stage: try columns.next(), attempts: try columns.next(), keptFrom: try columns.next())
        }
    }
}
