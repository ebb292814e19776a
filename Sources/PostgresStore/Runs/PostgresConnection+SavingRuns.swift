import StoreCore
import WorkflowModel

// Writes decisions about runs back: only what has changed, and all runs at once.
extension PostgresConnection {
    /// - Returns: whether a trigger has fired.
    @discardableResult
    func save(_ runs: [StoredRun]) throws -> Bool {
        try saveTasks(of: runs)
        try saveReadyTasks(of: runs)
        try saveLeases(of: runs)
        try saveStates(of: runs.filter(\.progress.hasRunChanged))
        for run in runs where run.hasEndedScheduled {
            guard let configuration = run.configuration, let end = run.progress.changedAt else { continue }
            try wakeSchedules(of: configuration, tenant: run.key.tenant, at: end)
        }
        return try runs.reduce(false) { hasFired, run in try run.hasTriggers && fireTriggers(forEndOf: run) || hasFired }
    }

    private func saveTasks(of runs: [StoredRun]) throws {
        for run in runs { try insertItems(of: run) }
        let changed = runs.changedTasks { !$0.progress.newItems.contains($1) }
        guard !changed.isEmpty else { return }
        let tasks = changed.map(\.task)
        let errors = tasks.map(\.error)
        let times = changed.map(\.key.createdAt)
        _ = try execute(
            """
            UPDATE tasks AS k SET state = c.state, state_changed_at = c.state_changed_at, ready_at = c.ready_at,
                ended_at = c.ended_at, error_attribution = c.error_attribution, error_type = c.error_type,
                error_message = c.error_message, error_data = c.error_data, engine_run_id = c.engine_run_id, outputs = c.outputs,
                warnings = c.warnings, attempt = c.attempt, token = c.token, resolution = c.resolution,
                gate = c.gate, wait = c.wait, fan = c.fan
            FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $19, $20, $21, $22, $23) AS c (
                tenant, run, run_created_at, position, state, state_changed_at, ready_at, ended_at, error_attribution,
                error_type, error_message, error_data, engine_run_id, outputs, attempt, token, warnings, resolution, gate,
                wait, fan)
            WHERE k.tenant = c.tenant AND k.run = c.run AND k.run_created_at = c.run_created_at AND k.position = c.position
                AND k.run_created_at BETWEEN $17 AND $18
            """,
            [
                Column(changed.map(\.key.tenant)), Column(changed.map(\.key.id)), Column(times),
                Column(changed.map(\.position)), Column(tasks.map(\.state)), Column(tasks.map(\.stateChangedAt)),
                Column(tasks.map(\.readyAt)), Column(tasks.map(\.endedAt)), Column(errors.map { $0?.attribution }),
                Column(errors.map { $0?.type }), Column(errors.map { $0?.message }), Column(errors.map { $0?.data }),
                Column(tasks.map(\.engineRunID)), Column(tasks.map(\.output)), Column(tasks.map(\.attempt)),
                Column(tasks.map(\.token)), times.min() ?? .earliest, times.max() ?? .earliest,
                Column(tasks.map(\.warnings)), Column(tasks.map(\.resolution)), Column(tasks.map { $0.gate?.storedText }),
                Column(tasks.map { $0.wait?.storedText }), Column(tasks.map { $0.fan?.storedText }),
            ])
    }

    /// Tasks of imported history are never queued.
    private func saveReadyTasks(of runs: [StoredRun]) throws {
        let gone = runs.changedTasks { run, position in
            run.queued.contains(position) && run.progress[position].readyAt == nil
        }
        if !gone.isEmpty {
            _ = try execute(
                """
                DELETE FROM ready_tasks AS q USING unnest($1, $2, $3) AS c (tenant, run, position)
                WHERE q.tenant = c.tenant AND q.run = c.run AND q.position = c.position
                """, [Column(gone.map(\.key.tenant)), Column(gone.map(\.key.id)), Column(gone.map(\.position))])
        }
        let new = runs.changedTasks { run, position in
            !run.isImported && !run.queued.contains(position) && run.progress[position].readyAt != nil
        }
        try saveReadyTimes(of: runs)
        if !new.isEmpty { try queue(new.map { QueuedTask($0.task, at: $0.position, of: $0.key) }) }
    }

    /// A person can make the next attempt at a task due that is queued for a later time.
    private func saveReadyTimes(of runs: [StoredRun]) throws {
        let moved = runs.changedTasks { run, position in
            run.queued.contains(position) && run.progress[position].readyAt != nil
        }
        guard !moved.isEmpty else { return }
        _ = try execute(
            """
            UPDATE ready_tasks AS q SET ready_at = c.ready_at FROM unnest($1, $2, $3, $4) AS c (tenant, run, position, ready_at)
            WHERE q.tenant = c.tenant AND q.run = c.run AND q.position = c.position
            """,
            [
                Column(moved.map(\.key.tenant)), Column(moved.map(\.key.id)), Column(moved.map(\.position)),
                Column(moved.map(\.task.readyAt)),
            ])
    }

    func queue(_ tasks: [QueuedTask]) throws {
        _ = try execute(
            """
            INSERT INTO ready_tasks (tenant, run, run_created_at, position, ready_at, parked_on, uses)
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)
            """,
            [
                Column(tasks.map(\.key.tenant)), Column(tasks.map(\.key.id)), Column(tasks.map(\.key.createdAt)),
                Column(tasks.map(\.position)), Column(tasks.map(\.readyAt)),
                Column(tasks.map { $0.queue?.rawValue }), Column(tasks.map { ResourceUse.text($0.uses) }),
            ])
    }

    /// A task that is no longer held loses its lease. The lease of a stopping task tells its worker so at the next renewal.
    /// Leases are locked in the order in which renewals lock them.
    private func saveLeases(of runs: [StoredRun]) throws {
        let gone = runs.changedTasks { run, position in
            run.held.contains(position) && !run.progress[position].isHeld
        }
        if !gone.isEmpty {
            _ = try execute(
                """
                DELETE FROM task_leases AS l USING unnest($1, $2, $3) AS c (tenant, run, task)
                WHERE l.tenant = c.tenant AND l.run = c.run AND l.task = c.task
                """, [Column(gone.map(\.key.tenant)), Column(gone.map(\.key.id)), Column(gone.map(\.task.id))])
        }
        let stopping = runs.changedTasks { run, position in
            run.held.contains(position) && run.progress[position].state == .stopping
        }
        if !stopping.isEmpty {
            _ = try execute(
                """
                WITH held AS MATERIALIZED (
                    SELECT l.tenant, l.run, l.task FROM task_leases AS l
                    JOIN unnest($1, $2, $3) AS c (tenant, run, task)
                        ON l.tenant = c.tenant AND l.run = c.run AND l.task = c.task
                    ORDER BY l.tenant, l.run, l.task FOR UPDATE OF l)
                UPDATE task_leases AS l SET is_stopping = true FROM held AS h
                WHERE l.tenant = h.tenant AND l.run = h.run AND l.task = h.task
                """,
                [Column(stopping.map(\.key.tenant)), Column(stopping.map(\.key.id)), Column(stopping.map(\.task.id))])
        }
    }

    private func saveStates(of runs: [StoredRun]) throws {
        guard !runs.isEmpty else { return }
        for run in runs where run.isImported { try fileAgain(run.key) }
        let errors = runs.map(\.progress.error)
        _ = try execute(
            """
            UPDATE runs AS r SET state = c.state, ended_at = c.ended_at, error_attribution = c.error_attribution,
                error_type = c.error_type, error_message = c.error_message, error_data = c.error_data,
                warnings = c.warnings
            FROM unnest($1, $2, $3, $6, $7, $8, $9, $10, $11, $12) AS c (
                tenant, id, created_at, state, ended_at, error_attribution, error_type, error_message, error_data, warnings)
            WHERE r.tenant = c.tenant AND r.id = c.id AND r.created_at = c.created_at AND r.created_at BETWEEN $4 AND $5
            """,
            runs.map(\.key).columns + [
                Column(runs.map(\.progress.state)), Column(runs.map(\.progress.endedAt)), Column(errors.map { $0?.attribution }),
                Column(errors.map { $0?.type }), Column(errors.map { $0?.message }), Column(errors.map { $0?.data }),
                Column(runs.map(\.progress.warnings)),
            ])
        for run in runs where run.hasWarning && run.progress.endedAt != nil {
            try change("DELETE FROM run_warnings WHERE tenant = $1 AND run = $2", run.key.tenant, run.key.id)
        }
        for run in runs { try saveClosingDeadline(of: run) }
        for run in runs { try raiseAlerts(forEndOf: run, run.key) }
        for run in runs {
            guard let caller = run.awaitedBy, let end = run.progress.changedAt else { continue }
            try lockEnd(of: run.id, tenant: run.tenant)
            try wake(caller, of: run.tenant, at: end)
        }
    }
}

/// A task that a worker can claim, or that waits in the queue of a limit.
struct QueuedTask {
    var key: RunKey
    var position: Int
    var readyAt: Timestamp?
    /// The queue of a limit in which it waits; nil when it does not.
    var queue: LimitQueue?
    /// The units of resources that it holds while it waits for work outside.
    var uses: [String: Int]

    init(key: RunKey, position: Int, readyAt: Timestamp?, queue: LimitQueue? = nil, uses: [String: Int] = [:]) {
        self.key = key
        self.position = position
        self.readyAt = readyAt
        self.queue = queue
        self.uses = uses
    }

    init(_ task: TaskProgress, at position: Int, of key: RunKey, in queue: LimitQueue? = nil) {
        self.init(
            key: key, position: position, readyAt: task.readyAt, queue: queue, uses: task.waitsOutside ? task.uses : [:])
    }
}

extension PostgresConnection {
    /// Lets one transaction pass that ends a called run, or that begins to wait for its end, so that neither misses the other. It comes
    /// after the locks of runs and before those of limits.
    func lockEnd(of run: RunID, tenant: Int) throws {
        _ = try execute(
            "SELECT pg_advisory_xact_lock($1::integer, hashtext($2))", [WakeStatement.lock, "\(tenant) \(run.rawValue)"])
    }

    /// Makes the task due that waits for a run, in the transaction that ends the run.
    ///
    /// Skips a task that another transaction has locked, so that the two never wait for each other: that one claims the task or stops it. A
    /// claim that was a moment too early finds the run ended when it begins to wait again.
    private func wake(_ caller: RunCaller, of tenant: Int, at now: Timestamp) throws {
        try change(WakeStatement.wake, tenant, caller.run, caller.task, now)
    }
}

enum WakeStatement {
    /// The first number of the advisory locks of ends of called runs.
    static let lock = 0x6361_6C6C

    static let wake = """
        WITH due AS MATERIALIZED (
            SELECT q.tenant, q.run, q.position, q.run_created_at FROM ready_tasks AS q
            JOIN tasks AS k ON k.tenant = q.tenant AND k.run = q.run AND k.position = q.position
                AND k.run_created_at = q.run_created_at
            WHERE q.tenant = $1 AND q.run = $2 AND k.id = $3 AND k.wait IS NOT NULL AND q.ready_at > $4
            FOR UPDATE OF q SKIP LOCKED),
        moved AS (
            UPDATE ready_tasks AS q SET ready_at = $4 FROM due AS d
            WHERE q.tenant = d.tenant AND q.run = d.run AND q.position = d.position)
        UPDATE tasks AS k SET ready_at = $4 FROM due AS d
        WHERE k.tenant = d.tenant AND k.run = d.run AND k.position = d.position AND k.run_created_at = d.run_created_at
        """
}

private struct ChangedTask {
    var key: RunKey
    var position: Int
    var task: TaskProgress
}

extension [StoredRun] {
    /// The changed tasks of all runs that match.
    fileprivate func changedTasks(where isWanted: (StoredRun, Int) -> Bool) -> [ChangedTask] {
        flatMap { run in
            run.progress.changedTasks.sorted().filter { isWanted(run, $0) }.map {
                ChangedTask(key: run.key, position: $0, task: run.progress[$0])
            }
        }
    }
}
