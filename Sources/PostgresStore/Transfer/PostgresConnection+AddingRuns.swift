import StoreCore
import WorkflowModel

extension PostgresConnection {
    /// Most tasks in one statement.
    private static let tasksAtOnce = 2_000

    /// Writes runs with their tasks, attempts, ready tasks, leases and warnings.
    func add(_ runs: [TransferredRun]) throws {
        let placed = try runs.map { run in
            PlacedRun(
                key: RunKey(tenant: try findOrCreate(run.run.tenant), id: run.run.id, createdAt: run.run.createdAt), record: run)
        }
        guard !placed.isEmpty else { return }
        let strays = placed.map(\.key).filter { PartitionMonth(of: $0.id) != PartitionMonth(of: $0.createdAt) }
        _ = try listStrays(strays)
        try insert(placed)
        let tasks = placed.flatMap { run in
            run.record.tasks.map {
                PlacedTask(run: run.key, version: run.record.launchedVersion, position: $0.position, task: $0)
            }
        }
        for begin in stride(from: 0, to: tasks.count, by: Self.tasksAtOnce) {
            let some = Array(tasks[begin..<min(begin + Self.tasksAtOnce, tasks.count)])
            try insert(some)
            try insertAttempts(of: some)
        }
        try insertWorkInProgress(tasks)
        try insertWarnings(of: placed.filter { $0.record.warnAt != nil })
        for run in placed {
            if let instant = run.record.closingUntil { try setClosingDeadline(instant, of: run.key) }
        }
        for run in placed { try insert(run.record.resolutions, of: run.key) }
        try insert(
            placed.flatMap { run in
                run.record.notes.enumerated().map { PlacedNote(run: run.key, number: $0.offset + 1, note: $0.element) }
            })
        try insert(placed.flatMap { run in run.record.subscriptions.map { PlacedSubscription(run: run.key, subscription: $0) } })
    }

    private func insert(_ placed: [PlacedRun]) throws {
        let records = placed.map(\.record)
        let runs = records.map(\.run)
        let errors = runs.map(\.error)
        let origins = runs.map(\.origin)
        _ = try execute(
            """
            INSERT INTO runs (tenant, id, created_at, ended_at, type, principal, state, name, error_attribution, error_type,
                error_message, error_data, configuration, imported_configuration, labels, attempts, launched_version,
                imported_version, run_mode, range_from, range_to, warn_after_ms, scheduled_for, schedule, rerun_of,
                stop_requested_at, stop_reason, stop_requested_by, warnings, after_stop_ms, parameters,
                called_by_run, called_by_task, triggered_by)
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
                $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34)
            """,
            [
                Column(placed.map(\.key.tenant)), Column(runs.map(\.id)), Column(runs.map(\.createdAt)),
                Column(runs.map(\.endedAt)),
                Column(try placed.map { try findOrCreate(type: $0.record.run.type, in: $0.key.tenant) }),
                Column(try placed.map { try findOrCreate($0.record.run.principal, in: $0.key.tenant) }), Column(runs.map(\.state)),
                Column(runs.map(\.name)), Column(errors.map { $0?.attribution }), Column(errors.map { $0?.type }),
                Column(errors.map { $0?.message }), Column(errors.map { $0?.data }),
                Column(records.map { $0.isImported ? nil : $0.run.origin.configuration }),
                Column(records.map { $0.isImported ? $0.run.origin.configuration : nil }), Column(origins.map(\.labels)),
                Column(runs.map(\.attempts)), Column(records.map(\.launchedVersion)), Column(records.map(\.importedVersion)),
                Column(origins.map(\.runMode)), Column(origins.map { $0.range?.from }), Column(origins.map { $0.range?.to }),
                Column(records.map(\.warnAfter)), Column(origins.map(\.scheduledFor)), Column(origins.map(\.schedule)),
                Column(origins.map(\.rerunOf)), Column(records.map { $0.stop?.requestedAt }),
                Column(records.map { $0.stop?.reason }),
                Column(
                    try placed.map { run in
                        try run.record.stop.map { try findOrCreate($0.requestedBy, in: run.key.tenant) }
                    }),
                Column(runs.map(\.warnings)), Column(records.map(\.afterStop)), Column(origins.map(\.parameters)),
                Column(records.map { $0.calledBy?.run }), Column(records.map { $0.calledBy?.task }),
                Column(origins.map(\.trigger)),
            ])
    }

    private func insert(_ placed: [PlacedTask]) throws {
        let tasks = placed.map(\.task)
        let instances = tasks.map(\.instance)
        let errors = instances.map(\.error)
        let columns: [any SQLValue] =
            placed.places + [
                Column(instances.map(\.attempts)), Column(instances.map(\.id)), Column(instances.map(\.definitionID)),
                Column(instances.map(\.definitionType)), Column(instances.map(\.label)), Column(instances.map(\.stage)),
                Column(instances.map(\.executionType)), Column(instances.map(\.timeout)),
                Column(tasks.map { Needs.text($0.needs) }), Column(instances.map(\.createdAt)),
                Column(instances.map(\.stateChangedAt)), Column(instances.map(\.endedAt)), Column(tasks.map(\.readyAt)),
                Column(tasks.map(\.token)), Column(instances.map(\.state)), Column(instances.map(\.engineRunID)),
                Column(errors.map { $0?.attribution }), Column(errors.map { $0?.type }), Column(errors.map { $0?.message }),
                Column(errors.map { $0?.data }), Column(tasks.map(\.outputs)),
                Column(tasks.map { ResourceUse.text($0.uses) }),
                Column(instances.map(\.keptFrom)), Column(instances.map(\.warnings)), Column(instances.map(\.when)),
                Column(instances.map(\.resolution)), Column(instances.map { $0.gate?.storedText }),
                Column(tasks.map { $0.wait?.storedText }), Column(instances.map { $0.fan?.storedText }),
                Column(instances.map(\.item)),
            ]
        _ = try execute(
            """
            INSERT INTO tasks (tenant, run, run_created_at, position, attempt, id, definition_id, definition_type, label, stage,
                execution_type, timeout_ms, needs, created_at, state_changed_at, ended_at, ready_at, token, state, engine_run_id,
                error_attribution, error_type, error_message, error_data, outputs, uses,
                kept_from, warnings, condition, resolution, gate, wait, fan, item)
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
                $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34)
            """, columns)
    }

    private func insertAttempts(of tasks: [PlacedTask]) throws {
        let placed = tasks.flatMap { task in task.task.attempts.map { (task: task, attempt: $0) } }
        guard !placed.isEmpty else { return }
        let attempts = placed.map(\.attempt)
        let errors = attempts.map(\.error)
        let endings = attempts.map(\.ending)
        let columns: [any SQLValue] =
            placed.map(\.task).places + [
                Column(attempts.map(\.number)), Column(attempts.map(\.startedAt)), Column(attempts.map(\.endedAt)),
                Column(attempts.map(\.output.lowerBound)), Column(attempts.map(\.output.upperBound)),
                Column(attempts.map(\.outcome)), Column(errors.map { $0?.attribution }), Column(errors.map { $0?.type }),
                Column(errors.map { $0?.message }), Column(errors.map { $0?.data }),
                Column(endings.map { $0?.terminatedAt }), Column(endings.map { $0?.killedAt }),
                Column(endings.map { $0?.callCanceledAt }), Column(endings.map { $0?.goneAt }),
            ]
        _ = try execute(
            """
            INSERT INTO attempts (tenant, run, run_created_at, position, number, started_at, ended_at, output_begin, output_end,
                outcome, error_attribution, error_type, error_message, error_data, terminated_at, killed_at, call_canceled_at,
                gone_at)
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
            """, columns)
    }

    /// Writes claimable tasks, and the leases of tasks that workers hold. Their service no longer runs, so that the leases
    /// expire.
    private func insertWorkInProgress(_ tasks: [PlacedTask]) throws {
        let ready = tasks.filter { $0.task.readyAt != nil }
        if !ready.isEmpty { try queue(ready.map { QueuedTask($0.task, at: $0.position, of: $0.run) }) }
        for task in tasks {
            guard let holder = task.task.holder else { continue }
            let instance = task.task.instance
            try change(
                """
                INSERT INTO task_leases (tenant, run, task, run_created_at, position, attempt, token, expires_at, is_stopping,
                    worker, definition_id, version, uses)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
                """,
                task.run.tenant, task.run.id, instance.id, task.run.createdAt, task.position, instance.attempts, task.task.token,
                holder.leaseExpiresAt, instance.state == .stopping, holder.worker, instance.definitionID, task.version,
                ResourceUse.text(task.task.uses))
        }
    }

    private func insertWarnings(of runs: [PlacedRun]) throws {
        guard !runs.isEmpty else { return }
        _ = try execute(
            """
            INSERT INTO run_warnings (tenant, run, run_created_at, name, warn_after_ms, warn_at)
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6)
            """,
            [
                Column(runs.map(\.key.tenant)), Column(runs.map(\.key.id)), Column(runs.map(\.key.createdAt)),
                Column(runs.map(\.record.run.name)), Column(runs.map(\.record.warnAfter)), Column(runs.map(\.record.warnAt)),
            ])
    }
}

extension QueuedTask {
    fileprivate init(_ task: TransferredTask, at position: Int, of key: RunKey) {
        self.init(key: key, position: position, readyAt: task.readyAt, uses: task.wait == nil ? [:] : task.uses)
    }
}

private struct PlacedRun {
    var key: RunKey
    var record: TransferredRun
}

private struct PlacedTask {
    var run: RunKey
    var version: ConfigurationVersionID?
    var position: Int
    var task: TransferredTask
}

extension [PlacedTask] {
    /// As the columns tenant, run, run_created_at and position.
    fileprivate var places: [any SQLValue] {
        [Column(map(\.run.tenant)), Column(map(\.run.id)), Column(map(\.run.createdAt)), Column(map(\.position))]
    }
}
