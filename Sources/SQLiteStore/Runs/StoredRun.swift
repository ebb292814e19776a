import GRDB
import WorkflowModel

/// A run that is being decided about, with what it takes to write the decision back.
struct StoredRun {
    var number: Int64
    var tenant: Int64
    var id: RunID
    /// nil in imported history that says none.
    var version: ConfigurationVersionID?
    var runMode: RunMode?
    var range: TimeWindow?
    var scheduledFor: Timestamp?
    var schedule: String?
    /// nil in imported history.
    var configuration: String?
    /// As it was read.
    let before: RunProgress
    var progress: RunProgress

    var isImported: Bool { configuration == nil }

    /// Whether a tick of its schedule may have waited for its end.
    var hasEndedScheduled: Bool { schedule != nil && progress.hasRunChanged && progress.endedAt != nil }
}

extension Database {
    func storedRun(_ id: RunID, of tenant: Tenant) throws -> StoredRun? {
        guard let number = try number(of: tenant) else { return nil }
        return try storedRun(id, of: number)
    }

    func storedRun(_ id: RunID, of tenant: Int64) throws -> StoredRun? {
        try storedRun(StoredRunStatement.byID, tenant, id)
    }

    func storedRun(number: Int64, of tenant: Int64) throws -> StoredRun? {
        try storedRun(StoredRunStatement.byNumber, tenant, number)
    }

    private func storedRun(_ statement: String, _ tenant: Int64, _ id: some SQLValue) throws -> StoredRun? {
        try row(statement, tenant, id) { columns in
            let number = try columns.next(Int64.self)
            let progress = RunProgress(
                state: try columns.next(), endedAt: try columns.next(), error: try columns.nextError(),
                tasks: try taskProgress(ofRun: number, tenant: tenant))
            return StoredRun(
                number: number, tenant: tenant, id: try columns.next(), version: try columns.next(),
                runMode: try columns.next(), range: try columns.nextRange(), scheduledFor: try columns.next(),
                schedule: try columns.next(), configuration: try columns.next(), before: progress, progress: progress)
        }
    }

    /// Without outputs, which only tasks that have ended have and no decision depends on.
    private func taskProgress(ofRun run: Int64, tenant: Int64) throws -> [TaskProgress] {
        try rows(
            """
            SELECT id, definition_id, label, needs, state, state_changed_at, ready_at, ended_at,
                error_attribution, error_type, error_message, error_data, engine_run_id, attempt, token, uses
            FROM tasks WHERE tenant = ? AND run = ? ORDER BY position
            """, tenant, run
        ) { columns in
            TaskProgress(
                id: try columns.next(), definitionID: try columns.next(), label: try columns.next(),
                needs: try Needs.ids(try columns.next()), state: try columns.next(), stateChangedAt: try columns.next(),
                readyAt: try columns.next(), endedAt: try columns.next(), error: try columns.nextError(),
                engineRunID: try columns.next(), attempt: try columns.next(), token: try columns.next(),
                uses: try ResourceUse.uses(try columns.next()))
        }
    }

    /// Writes back what has changed, and only that. A task that nobody holds any more loses its lease.
    ///
    /// Runs have triggers, and a statement with triggers that may be undone by itself has SQLite copy every page before it changes it.
    /// OR FAIL says that it need not: what a statement that failed had done goes with everything that its write did.
    /// - Parameter holder: who holds the tasks that have changed, where that is new.
    func save(_ run: StoredRun, heldBy holder: TaskHolder? = nil) throws {
        for position in run.progress.changedTasks.sorted() { try saveTask(at: position, of: run, holder: holder) }
        let (progress, before) = (run.progress, run.before)
        guard progress.hasRunChanged else { return }
        if progress.endedAt == before.endedAt, progress.error == before.error {
            try change("UPDATE OR FAIL runs SET state = ? WHERE number = ? AND tenant = ?", progress.state, run.number, run.tenant)
        } else {
            try change(
                """
                UPDATE OR FAIL runs SET state = ?1, ended_at = ?2, error_attribution = ?3, error_type = ?4, error_message = ?5,
                    error_data = ?6, warn_at = iif(?2 IS NULL, warn_at, NULL)
                WHERE number = ?7 AND tenant = ?8
                """,
                progress.state, progress.endedAt, progress.error?.attribution, progress.error?.type, progress.error?.message,
                progress.error?.data, run.number, run.tenant)
        }
        try raiseAlerts(for: run)
        if run.hasEndedScheduled, let configuration = run.configuration, let end = progress.endedAt {
            try wakeSchedules(of: configuration, tenant: run.tenant, at: end)
        }
    }

    /// A column that is named in a statement costs an entry of each index that it is in, whether its value changes or not. Most
    /// changes are of a state alone, which no index of tasks has.
    private func saveTask(at position: Int, of run: StoredRun, holder: TaskHolder?) throws {
        let task = run.progress.tasks[position]
        if holder == nil, task.differsInStateAlone(from: run.before.tasks[position]) {
            try change(
                "UPDATE tasks SET state = ?, state_changed_at = ? WHERE tenant = ? AND run = ? AND position = ?",
                task.state, task.stateChangedAt, run.tenant, run.number, position)
            return
        }
        try change(
            """
            UPDATE tasks SET state = ?1, state_changed_at = ?2, ready_at = ?3, ended_at = ?4, error_attribution = ?5,
                error_type = ?6, error_message = ?7, error_data = ?8, engine_run_id = ?9, outputs = ?10, attempt = ?11,
                token = ?12, parked_on = iif(?3 IS NULL, NULL, parked_on),
                worker = iif(?13, coalesce(?17, worker), NULL), lease_expires_at = iif(?13, coalesce(?18, lease_expires_at), NULL)
            WHERE tenant = ?14 AND run = ?15 AND position = ?16
            """,
            task.state, task.stateChangedAt, task.readyAt, task.endedAt, task.error?.attribution, task.error?.type,
            task.error?.message, task.error?.data, task.engineRunID, task.output, task.attempt, task.token,
            task.state.isHeld, run.tenant, run.number, position, holder?.worker, holder?.leaseExpiresAt)
    }
}

private enum StoredRunStatement {
    private static let columns = """
        SELECT number, state, ended_at, error_attribution, error_type, error_message, error_data, id, launched_version, run_mode,
            range_from, range_to, scheduled_for, schedule, configuration
        FROM runs WHERE tenant = ? AND
        """
    static let byID = columns + " id = ?"
    static let byNumber = columns + " number = ?"
}

extension TaskProgress {
    /// Whoever held it still does.
    fileprivate func differsInStateAlone(from before: TaskProgress) -> Bool {
        var same = before
        (same.state, same.stateChangedAt) = (state, stateChangedAt)
        return same == self && state.isHeld == before.state.isHeld
    }
}
