public import WorkflowModel

extension PostgresStore {
    public func run(_ id: RunID, of tenant: Tenant) async throws -> WorkflowRunDetails? {
        try await readAnywhere(consistently: true) { try $0.runDetails(id, of: tenant) }
    }

    public func attempts(of run: RunID, tenant: Tenant) async throws -> [TaskAttemptRecord] {
        let attempts = try await readAnywhere { database in
            guard let number = try database.number(of: tenant) else { return [TaskAttemptRecord]() }
            return try database.findRun(run, of: number) { from, to in
                let found = try database.rows(
                    """
                    SELECT k.id, a.number, a.started_at, a.ended_at, a.outcome,
                        a.error_attribution, a.error_type, a.error_message, a.error_data
                    FROM attempts AS a
                    JOIN tasks AS k ON k.tenant = a.tenant AND k.run = a.run AND k.position = a.position
                        AND k.run_created_at = a.run_created_at
                    WHERE a.tenant = $1 AND a.run = $2 AND a.run_created_at >= $3 AND a.run_created_at < $4
                        AND k.run_created_at >= $3 AND k.run_created_at < $4
                    ORDER BY a.position, a.number
                    """, number, run, from, to
                ) { columns in
                    TaskAttemptRecord(
                        task: try columns.next(), number: try columns.next(), startedAt: try columns.next(),
                        endedAt: try columns.next(), outcome: try columns.next(), error: try columns.nextError())
                }
                return found.isEmpty ? nil : found
            } ?? []
        }
        // They come in the order of the tasks, which is to decide between those that began together.
        return attempts.enumerated().sorted { ($0.element.startedAt, $0.offset) < ($1.element.startedAt, $1.offset) }
            .map(\.element)
    }
}

extension PostgresConnection {
    /// A run with its tasks as they are now.
    func runDetails(_ id: RunID, of tenant: Tenant) throws -> WorkflowRunDetails? {
        guard let number = try number(of: tenant) else { return nil }
        let found = try findRun(id, of: number) { from, to in
            try row(
                """
                SELECT name, type, state, created_at, ended_at, principal, error_attribution, error_type, error_message,
                    error_data, configuration, launched_version, imported_version, warn_after_ms, run_mode, range_from, range_to,
                    scheduled_for, schedule, rerun_of
                FROM runs WHERE tenant = $1 AND id = $2 AND created_at >= $3 AND created_at < $4
                """, number, id, from, to
            ) { try nextDetails(of: id, tenant: tenant, from: &$0) }
        }
        guard var details = found else { return nil }
        if let configuration = details.configuration {
            details.currentVersion = try currentVersion(of: configuration, in: number)
        }
        let key = RunKey(tenant: number, id: id, createdAt: details.run.createdAt)
        details.tasks = try taskInstances(of: key, tenant: tenant)
        return details
    }

    private func nextDetails(
        of id: RunID, tenant: Tenant, from columns: inout ColumnReader
    ) throws -> WorkflowRunDetails {
        let name = try columns.next(String.self)
        let type = try columns.next(Int.self)
        let state = try columns.next(RunState.self)
        let (createdAt, endedAt) = (try columns.next(Timestamp.self), try columns.next(Timestamp?.self))
        let principal = try columns.next(Int.self)
        try learn(types: [type], principals: [principal])
        return WorkflowRunDetails(
            run: WorkflowRun(
                id: id, tenant: tenant, name: name, type: try typeName(numbered: type), state: state, createdAt: createdAt,
                endedAt: endedAt, principal: try self.principal(numbered: principal), error: try columns.nextError()),
            configuration: try columns.next(), launchedVersion: try columns.next(), currentVersion: try columns.next(),
            warnAfter: try columns.next(), runMode: try columns.next(), range: try columns.nextRange(),
            scheduledFor: try columns.next(), schedule: try columns.next(), rerunOf: try columns.next())
    }

    private func taskInstances(of run: RunKey, tenant: Tenant) throws -> [TaskInstance] {
        try rows(
            """
            SELECT id, label, state, state_changed_at, created_at, ended_at, execution_type, engine_run_id, definition_id,
                definition_type, timeout_ms, error_attribution, error_type, error_message, error_data, stage, attempt, kept_from
            FROM tasks WHERE tenant = $1 AND run = $2 AND run_created_at = $3 ORDER BY position
            """, run.tenant, run.id, run.createdAt
        ) { columns in
            TaskInstance(
                id: try columns.next(), run: run.id, tenant: tenant, label: try columns.next(), state: try columns.next(),
                stateChangedAt: try columns.next(), createdAt: try columns.next(), endedAt: try columns.next(),
                executionType: try columns.next(), engineRunID: try columns.next(), definitionID: try columns.next(),
                definitionType: try columns.next(), timeout: try columns.next(), error: try columns.nextError(),
                stage: try columns.next(), attempts: try columns.next(), keptFrom: try columns.next())
        }
    }
}
