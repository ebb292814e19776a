import StoreCore
public import WorkflowModel

extension PostgresStore {
    public func run(_ id: RunID, of tenant: Tenant) async throws -> WorkflowRunDetails? {
        try await readAnywhere(consistently: true) { try $0.runDetails(id, of: tenant) }
    }

    public func attempts(of run: RunID, tenant: Tenant, at tasks: AttemptedTasks) async throws -> [TaskAttemptRecord] {
        let attempts = try await readAnywhere { database in
            guard let number = try database.number(of: tenant) else { return [TaskAttemptRecord]() }
            return try database.findRun(run, of: number) { from, to in
                let places: Range<Int>
                switch tasks {
                case .all: places = 0..<Int(Int32.max)
                case .withoutItems: places = 0..<ItemPlace.first
                case .item(let id):
                    guard let place = try database.place(of: id, in: run, of: number, from: from, to: to) else { return nil }
                    places = place..<place + 1
                }
                let found = try database.rows(
                    """
                    SELECT k.id, a.number, a.started_at, a.ended_at, a.outcome,
                        a.error_attribution, a.error_type, a.error_message, a.error_data,
                        a.terminated_at, a.killed_at, a.call_canceled_at, a.gone_at
                    FROM attempts AS a
                    JOIN tasks AS k ON k.tenant = a.tenant AND k.run = a.run AND k.position = a.position
                        AND k.run_created_at = a.run_created_at
                    WHERE a.tenant = $1 AND a.run = $2 AND a.run_created_at >= $3 AND a.run_created_at < $4
                        AND k.run_created_at >= $3 AND k.run_created_at < $4 AND a.position >= $5 AND a.position < $6
                    ORDER BY a.position, a.number
                    """, number, run, from, to, places.lowerBound, places.upperBound
                ) { try $0.nextAttempt() }
                return found.isEmpty ? nil : found
            } ?? []
        }
        return attempts.oldestFirst
    }
}

extension PostgresConnection {
    /// A run with its tasks.
    func runDetails(_ id: RunID, of tenant: Tenant) throws -> WorkflowRunDetails? {
        guard let number = try number(of: tenant) else { return nil }
        let found = try findRun(id, of: number) { from, to in
            try row(
                """
                SELECT r.name, r.type, r.state, r.created_at, r.ended_at, r.principal, r.error_attribution, r.error_type,
                    r.error_message, r.error_data, \(RunColumns.origin), r.attempts, r.warnings, r.configuration IS NULL,
                    r.launched_version, r.imported_version, r.warn_after_ms, r.stop_requested_at, r.stop_reason,
                    s.id, s.name, s.email, r.after_stop_ms, r.called_by_run, r.called_by_task
                FROM runs AS r LEFT JOIN principals AS s ON s.number = r.stop_requested_by
                WHERE r.tenant = $1 AND r.id = $2 AND r.created_at >= $3 AND r.created_at < $4
                """, number, id, from, to
            ) { try nextDetails(of: id, tenant: tenant, from: &$0) }
        }
        guard var details = found else { return nil }
        if !details.isImported, let configuration = details.origin.configuration {
            try details.setVersions(
                current: try currentVersion(of: configuration, in: number), launched: { try versionCode($0, in: number) })
        }
        let key = RunKey(tenant: number, id: id, createdAt: details.run.createdAt)
        details.tasks = try taskInstances(of: key, tenant: tenant, isImported: details.isImported)
        details.notes = try notes(on: [id], of: number).map(\.note)
        details.resolutions = try resolutions(of: [id], tenant: number)[id] ?? []
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
        let run = WorkflowRun(
            id: id, tenant: tenant, name: name, type: try typeName(numbered: type), state: state, createdAt: createdAt,
            endedAt: endedAt, principal: try self.principal(numbered: principal), error: try columns.nextError(),
            origin: try columns.nextOrigin(), attempts: try columns.next(), warnings: try columns.next())
        return try columns.nextDetails(of: run)
    }

    private func taskInstances(of run: RunKey, tenant: Tenant, isImported: Bool) throws -> [TaskInstance] {
        try rows(
            """
            SELECT id, label, state, state_changed_at, created_at, ended_at, execution_type, engine_run_id, definition_id,
                definition_type, timeout_ms, error_attribution, error_type, error_message, error_data, stage, attempt, kept_from,
                condition, warnings, resolution, gate, fan, NULL, needs IS NOT NULL
            FROM tasks WHERE tenant = $1 AND run = $2 AND run_created_at = $3 AND position < $4 ORDER BY position
            """, run.tenant, run.id, run.createdAt, ItemPlace.first
        ) { try $0.nextTaskInstance(of: run.id, tenant: tenant, isImported: isImported) }
    }
}
