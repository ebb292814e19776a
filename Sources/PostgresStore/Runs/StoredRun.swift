import StoreCore
import WorkflowModel

/// A loaded run, with what it takes to write a decision back. Its row is locked.
struct StoredRun: LoadedRun {
    var key: RunKey
    let header: RunHeader
    /// Whether its tenant has any limits.
    var hasLimits: Bool
    /// Whether a workflow has a trigger after that of the run.
    var hasTriggers: Bool
    /// Whether the run may have a pending warning.
    var hasWarning: Bool
    var progress: RunProgress
    /// Positions of the tasks with a row in ready_tasks.
    var queued: Set<Int>
    /// Positions of the tasks with a row in task_leases.
    var held: Set<Int>

    var tenant: Int { key.tenant }
}

extension PostgresConnection {
    /// Locks a run and loads it.
    func storedRun(_ id: RunID, of tenant: Int) throws -> StoredRun? {
        let found = try findRun(id, of: tenant) { from, to in
            try row(
                RunStatement.columns + """
                    FROM runs AS r WHERE r.tenant = $1 AND r.id = $2 AND r.created_at >= $3 AND r.created_at < $4 FOR UPDATE
                    """, tenant, id, from, to
            ) { try $0.nextStoredRun() }
        }
        return try found.flatMap { try withTasks([$0]).first }
    }

    /// Locks runs and loads them, always in the same order, so that two claims never deadlock.
    func storedRuns(_ keys: [RunKey]) throws -> [StoredRun] {
        let runs = try rows(
            RunStatement.columns + """
                FROM runs AS r
                JOIN unnest($1, $2, $3) AS c (tenant, id, created_at)
                    ON r.tenant = c.tenant AND r.id = c.id AND r.created_at = c.created_at
                WHERE r.created_at BETWEEN $4 AND $5
                ORDER BY r.tenant, r.id FOR UPDATE OF r
                """, values: keys.columns
        ) { try $0.nextStoredRun() }
        return try withTasks(runs)
    }

    /// The tasks of a run without items, read without a lock.
    func taskProgress(of run: RunKey) throws -> [TaskProgress] {
        try rows(
            """
            SELECT id, definition_id, label, condition, needs, state, state_changed_at, ready_at, ended_at, error_attribution, error_type,
                error_message, error_data, engine_run_id, attempt, token, uses, resolution, gate, wait, fan
            FROM tasks WHERE tenant = $1 AND run = $2 AND run_created_at = $3 AND position < $4 ORDER BY position
            """, run.tenant, run.id, run.createdAt, ItemPlace.first
        ) { try $0.nextTaskProgress() }
    }

    /// A second statement, after the lock, which sees what the previous holder of the lock has written.
    /// Items are not loaded. Without outputs and warnings: only ended tasks have them, and no decision depends on them.
    private func withTasks(_ runs: [StoredRun]) throws -> [StoredRun] {
        let tasks = try rows(
            """
            SELECT k.tenant, k.run, k.id, k.definition_id, k.label, k.condition, k.needs, k.state, k.state_changed_at, k.ready_at, k.ended_at,
                k.error_attribution, k.error_type, k.error_message, k.error_data, k.engine_run_id, k.attempt, k.token, k.uses,
                k.resolution, k.gate, k.wait, k.fan
            FROM unnest($1, $2, $3) AS c (tenant, run, created_at)
            JOIN tasks AS k ON k.tenant = c.tenant AND k.run = c.run AND k.run_created_at = c.created_at
            WHERE k.run_created_at BETWEEN $4 AND $5 AND k.position < \(ItemPlace.first)
            ORDER BY k.tenant, k.run, k.position
            """, values: runs.map(\.key).columns
        ) { (OwnedBy(tenant: try $0.next(), run: try $0.next()), try $0.nextTaskProgress()) }
        let byRun = Dictionary(grouping: tasks, by: \.0).mapValues { $0.map(\.1) }
        return runs.map { run in
            let tasks = byRun[OwnedBy(tenant: run.key.tenant, run: run.key.id)] ?? []
            var run = run
            let progress = run.progress
            run.progress = RunProgress(
                createdAt: progress.createdAt, state: progress.state, endedAt: progress.endedAt, error: progress.error,
                warnings: progress.warnings, afterStop: progress.afterStop, tasks: tasks)
            guard !run.isImported else { return run }
            run.queued = Set(tasks.indices.filter { tasks[$0].readyAt != nil })
            run.held = Set(tasks.indices.filter { tasks[$0].isHeld })
            return run
        }
    }
}

private struct OwnedBy: Hashable {
    var tenant: Int
    var run: RunID
}

private enum RunStatement {
    static let columns = """
        SELECT r.tenant, r.id, r.created_at, r.launched_version, r.run_mode, r.range_from, r.range_to, r.scheduled_for, r.schedule,
            r.parameters, r.configuration, r.called_by_run, r.called_by_task, r.triggered_by,
            EXISTS (SELECT 1 FROM limits AS l WHERE l.tenant = r.tenant),
            EXISTS (SELECT 1 FROM after_triggers AS g WHERE g.tenant = r.tenant AND g.source = r.configuration),
            r.warn_after_ms IS NOT NULL, r.state, r.ended_at, r.error_attribution, r.error_type, r.error_message, r.error_data, r.warnings,
            r.after_stop_ms

        """
}

extension ColumnReader {
    fileprivate mutating func nextStoredRun() throws -> StoredRun {
        let key = RunKey(tenant: try next(), id: try next(), createdAt: try next())
        return StoredRun(
            key: key, header: try nextHeader(of: key.id), hasLimits: try next(), hasTriggers: try next(), hasWarning: try next(),
            progress: RunProgress(
                createdAt: key.createdAt, state: try next(), endedAt: try next(), error: try nextError(), warnings: try next(),
                afterStop: try next(), tasks: []),
            queued: [], held: [])
    }
}
