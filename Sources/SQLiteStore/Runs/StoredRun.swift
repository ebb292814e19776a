import StoreCore
import WorkflowModel

/// A loaded run, with what it takes to write a decision back.
struct StoredRun: LoadedRun {
    var number: Int
    var tenant: Int
    let header: RunHeader
    /// The progress that was read.
    private(set) var before: RunProgress
    var progress: RunProgress

    /// Adds items that were read.
    mutating func load(_ items: [(position: Int, task: TaskProgress)]) {
        before.load(items)
        progress.load(items)
    }
}

extension DatabaseConnection {
    func storedRun(_ id: RunID, of tenant: Int) throws -> StoredRun? {
        try storedRun(StoredRunStatement.byID, tenant, id)
    }

    func storedRun(number: Int, of tenant: Int) throws -> StoredRun? {
        try storedRun(StoredRunStatement.byNumber, tenant, number)
    }

    private func storedRun(_ statement: String, _ tenant: Int, _ id: some SQLValue) throws -> StoredRun? {
        try row(statement, tenant, id) { columns in
            let number = try columns.next(Int.self)
            let progress = RunProgress(
                createdAt: try columns.next(), state: try columns.next(), endedAt: try columns.next(),
                error: try columns.nextError(), warnings: try columns.next(),
                afterStop: try columns.next(), tasks: try taskProgress(ofRun: number, tenant: tenant))
            let id = try columns.next(RunID.self)
            return StoredRun(
                number: number, tenant: tenant, header: try columns.nextHeader(of: id), before: progress, progress: progress)
        }
    }

    /// The tasks of the configuration, without items. Without outputs and warnings: only ended tasks have them, and no decision depends on
    /// them.
    private func taskProgress(ofRun run: Int, tenant: Int) throws -> [TaskProgress] {
        try rows(
            """
            SELECT id, definition_id, label, condition, needs, state, state_changed_at, ready_at, ended_at,
                error_attribution, error_type, error_message, error_data, engine_run_id, attempt, token, uses, resolution, gate,
                wait, fan
            FROM tasks WHERE tenant = ? AND run = ? AND position < ? ORDER BY position
            """, tenant, run, ItemPlace.first
        ) { try $0.nextTaskProgress() }
    }

    /// Writes back what has changed, and only that. A task that is no longer held loses its lease.
    ///
    /// Runs have triggers. For a statement with triggers that may be undone alone, SQLite copies every page before it changes
    /// it. OR FAIL turns that off: the whole write is undone when a statement fails.
    /// - Parameter holder: the worker that holds the changed tasks, where that is new.
    /// - Returns: whether a trigger has fired.
    @discardableResult
    func save(_ run: StoredRun, heldBy holder: TaskHolder?) throws -> Bool {
        for position in run.progress.changedTasks.sorted() { try saveTask(at: position, of: run, holder: holder) }
        let (progress, before) = (run.progress, run.before)
        guard progress.hasRunChanged else { return false }
        if run.isImported { try fileAgain(run.number) }
        if progress.endedAt == before.endedAt, progress.error == before.error, progress.warnings == before.warnings {
            try change("UPDATE OR FAIL runs SET state = ? WHERE number = ? AND tenant = ?", progress.state, run.number, run.tenant)
        } else {
            try change(
                """
                UPDATE OR FAIL runs SET state = ?1, ended_at = ?2, error_attribution = ?3, error_type = ?4, error_message = ?5,
                    error_data = ?6, warn_at = iif(?2 IS NULL, warn_at, NULL), warnings = ?7
                WHERE number = ?8 AND tenant = ?9
                """,
                progress.state, progress.endedAt, progress.error?.attribution, progress.error?.type, progress.error?.message,
                progress.error?.data, progress.warnings, run.number, run.tenant)
        }
        try saveClosingDeadline(of: run)
        try raiseAlerts(forEndOf: run, run.number)
        if let caller = run.awaitedBy, let end = progress.changedAt { try wake(caller, of: run.tenant, at: end) }
        if run.hasEndedScheduled, let configuration = run.configuration, let end = progress.changedAt {
            try wakeSchedules(of: configuration, tenant: run.tenant, at: end)
        }
        return try fireTriggers(forEndOf: run)
    }

    /// Makes the task due that waits for the run, in the transaction that ends the run.
    private func wake(_ caller: RunCaller, of tenant: Int, at now: Timestamp) throws {
        try change(StoredRunStatement.wake, now, tenant, tenant, caller.run, caller.task)
    }

    /// Every column that a statement names costs an update of each index that contains it, even if its value stays the same.
    /// Most changes are of the state alone, which no index of tasks contains.
    private func saveTask(at position: Int, of run: StoredRun, holder: TaskHolder?) throws {
        let task = run.progress[position]
        if run.progress.newItems.contains(position) {
            try insertItem(task, at: position, of: run)
            return
        }
        let before = run.before[position]
        // No worker ever holds a group.
        if holder == nil || task.fan != nil, task.differsInStateAlone(from: before) {
            if task.fan == before.fan {
                try change(
                    "UPDATE tasks SET state = ?, state_changed_at = ? WHERE tenant = ? AND run = ? AND position = ?",
                    task.state, task.stateChangedAt, run.tenant, run.number, position)
            } else {
                try change(
                    ItemStatement.count, task.state, task.stateChangedAt, task.fan?.storedText, run.tenant, run.number, position)
            }
            return
        }
        try change(
            """
            UPDATE tasks SET state = ?1, state_changed_at = ?2, ready_at = ?3, ended_at = ?4, error_attribution = ?5,
                error_type = ?6, error_message = ?7, error_data = ?8, engine_run_id = ?9, outputs = ?10, attempt = ?11,
                token = ?12, warnings = ?19, resolution = ?20, gate = ?21, wait = ?22, fan = ?23,
                parked_on = iif(?3 IS NULL, NULL, parked_on),
                worker = iif(?13, coalesce(?17, worker), NULL), lease_expires_at = iif(?13, coalesce(?18, lease_expires_at), NULL)
            WHERE tenant = ?14 AND run = ?15 AND position = ?16
            """,
            task.state, task.stateChangedAt, task.readyAt, task.endedAt, task.error?.attribution, task.error?.type,
            task.error?.message, task.error?.data, task.engineRunID, task.output, task.attempt, task.token,
            task.isHeld, run.tenant, run.number, position, holder?.worker, holder?.leaseExpiresAt, task.warnings,
            task.resolution, task.gate?.storedText, task.wait?.storedText, task.fan?.storedText)
    }
}

enum StoredRunStatement {
    private static let columns = """
        SELECT number, created_at, state, ended_at, error_attribution, error_type, error_message, error_data, warnings,
            after_stop_ms, id, launched_version, run_mode, range_from, range_to, scheduled_for, schedule, parameters,
            configuration, called_by_run, called_by_task, triggered_by
        FROM runs WHERE tenant = ? AND
        """
    static let byID = columns + " id = ?"
    static let byNumber = columns + " number = ?"
    static let wake = """
        UPDATE tasks SET ready_at = ?1
        WHERE tenant = ?2 AND run = (SELECT number FROM runs INDEXED BY runs_id WHERE tenant = ?3 AND id = ?4) AND id = ?5
            AND wait IS NOT NULL AND ready_at > ?1
        """
}

extension TaskProgress {
    /// Whether only the state and the counts of items differ, and the holder stays the same.
    fileprivate func differsInStateAlone(from before: TaskProgress) -> Bool {
        var same = before
        (same.state, same.stateChangedAt, same.fan) = (state, stateChangedAt, fan)
        return same == self && isHeld == before.isHeld
    }
}
