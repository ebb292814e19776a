import StoreCore
public import WorkflowModel

extension PostgresStore {
    public func createRun(_ plan: RunPlan, once key: IdempotencyKey?) async throws -> CreatedRun {
        try await write(into: [PartitionMonth(of: plan.createdAt)]) { (database, attempt: inout WriteAttempt<CreatedRun>) in
            let tenant = try database.findOrCreate(plan.tenant)
            // An earlier try, whose answer was lost, has written it: ids are too random to come from another node.
            if let former = attempt.former, try database.hasRun(of: plan, tenant: tenant) { return former }
            if let key, try !database.take(key, for: plan, of: tenant) {
                guard let first = try database.acceptedRun(for: key, of: tenant, named: plan.tenant, at: plan.createdAt) else {
                    throw StoreError(.unavailable, "The start that used this idempotency key is being removed; try again.")
                }
                return CreatedRun(details: first, isReplay: true)
            }
            try database.checkCarriers(of: plan, tenant: tenant)
            try database.insert(plan, tenant: tenant, recording: plan.startEvent, signals: &attempt.signals)
            let run = RunKey(tenant: tenant, id: plan.id, createdAt: plan.createdAt)
            try database.insertSubscriptions(of: plan, to: run, tenant: tenant)
            if key != nil { try database.removeOldStartKeys(at: plan.createdAt) }
            return CreatedRun(details: plan.accepted, isReplay: false)
        }
    }

    public func acceptedRun(
        once key: IdempotencyKey, of tenant: Tenant, at now: Timestamp
    ) async throws -> WorkflowRunDetails? {
        try await read { database in
            guard let number = try database.number(of: tenant) else { return nil }
            return try database.acceptedRun(for: key, of: number, named: tenant, at: now)
        }
    }
}

extension PostgresConnection {
    func hasRun(of plan: RunPlan, tenant: Int) throws -> Bool {
        try row(
            "SELECT 1 FROM tasks WHERE tenant = $1 AND run = $2 AND run_created_at = $3 AND position = 0 AND id = $4",
            tenant, plan.id, plan.createdAt, plan.tasks.first?.id
        ) { _ in true } ?? false
    }

    /// Writes a planned run with its tasks.
    /// - Parameter event: for the audit log, if the transaction has an actor.
    func insert(_ plan: RunPlan, tenant: Int, recording event: AuditEventType, signals: inout Set<StoreSignal>) throws {
        try insertRun(plan, tenant: tenant, recording: event)
        try insertTasks(of: plan, tenant: tenant)
        try keepOutputs(of: plan, tenant: tenant)
        try insert(plan.resolutions, of: RunKey(tenant: tenant, id: plan.id, createdAt: plan.createdAt))
        if plan.isComplete || plan.hasGates, let stored = try storedRun(plan.id, of: tenant) {
            try open(stored, at: plan.createdAt, signals: &signals)
        }
        if plan.tasks.contains(where: \.isReady) { signals.insert(.work) }
    }

    private func insertRun(_ plan: RunPlan, tenant: Int, recording event: AuditEventType) throws {
        let type = try findOrCreate(type: plan.type, in: tenant)
        let principal = try findOrCreate(plan.principal, in: tenant)
        if PartitionMonth(of: plan.id) != PartitionMonth(of: plan.createdAt) {
            let key = RunKey(tenant: tenant, id: plan.id, createdAt: plan.createdAt)
            guard try listStrays([key]).isEmpty == false else { throw StoreError.exists("A run with the id \(plan.id)") }
        }
        // The event goes in the same statement: another one would cost every start a round trip.
        let audit = auditClause(event, plan.auditObject, of: plan.tenant, numbered: tenant, firstParameter: 24)
        let values: [any SQLValue] = [
            tenant, plan.id, type, RunState.scheduled, plan.createdAt, plan.name, principal, plan.configuration, plan.version,
            plan.runMode, plan.range?.from, plan.range?.to, plan.warnAfter, plan.scheduledFor, plan.schedule, plan.rerunOf,
            plan.labels, plan.warnings, plan.afterStop, plan.parameters, plan.calledBy?.run, plan.calledBy?.task,
            plan.trigger,
        ]
        let inserted: Int
        do {
            inserted = try change(
                audit.sql + """
                    INSERT INTO runs (tenant, id, type, state, created_at, name, principal, configuration, launched_version,
                        run_mode, range_from, range_to, warn_after_ms, scheduled_for, schedule, rerun_of, labels,
                        warnings, after_stop_ms, parameters, called_by_run, called_by_task, triggered_by)
                    SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
                        $23
                    WHERE NOT EXISTS (SELECT 1 FROM stray_runs WHERE tenant = $1 AND id = $2 AND created_at <> $5)
                    """, values: values + audit.values)
        } catch let failure as PostgresFailure where failure.isRefusal(.uniqueViolation) {
            throw StoreError.exists("A run with the id \(plan.id)", cause: failure)
        }
        guard inserted > 0 else { throw StoreError.exists("A run with the id \(plan.id)") }
        guard let warnAfter = plan.warnAfter else { return }
        try change(
            """
            INSERT INTO run_warnings (tenant, run, run_created_at, name, warn_after_ms, warn_at) VALUES ($1, $2, $3, $4, $5, $6)
            """, tenant, plan.id, plan.createdAt, plan.name, warnAfter, plan.createdAt + warnAfter)
    }

    private func insertTasks(of plan: RunPlan, tenant: Int) throws {
        let tasks = plan.tasks
        _ = try execute(
            """
            INSERT INTO tasks (tenant, run, run_created_at, created_at, state_changed_at, attempt, token, position, id,
                definition_id, definition_type, label, stage, execution_type, timeout_ms, needs, state, ended_at, ready_at,
                uses, kept_from, condition, outputs, resolution, gate, fan, item)
            SELECT $1, $2, $3, $3, $3, 0, 0, c.*
            FROM unnest($4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
                $23) AS c
            """,
            [
                tenant, plan.id, plan.createdAt, Column(Array(tasks.indices)), Column(tasks.map(\.id)),
                Column(tasks.map(\.definitionID)), Column(tasks.map(\.definitionType)), Column(tasks.map(\.label)),
                Column(tasks.map(\.stage)), Column(tasks.map(\.executionType.rawValue)), Column(tasks.map(\.timeout)),
                Column(tasks.map { Needs.text($0.needs) }), Column(tasks.map(\.state)),
                Column(tasks.map { $0.state.hasEnded ? plan.createdAt : nil }),
                Column(tasks.map { $0.isReady ? plan.createdAt : nil }),
                Column(tasks.map { ResourceUse.text($0.uses) }), Column(tasks.map { $0.kept?.origin }),
                Column(tasks.map(\.when)), Column(tasks.map { $0.resolved?.outputs }), Column(tasks.map(\.resolution)),
                Column(tasks.map { $0.gate?.storedText }), Column(tasks.map { $0.fan?.storedText }),
                Column(tasks.map { $0.oldItems == nil ? $0.list : nil }),
            ])
        let ready = tasks.indices.filter { tasks[$0].isReady }
        let key = RunKey(tenant: tenant, id: plan.id, createdAt: plan.createdAt)
        if !ready.isEmpty { try queue(ready.map { QueuedTask(key: key, position: $0, readyAt: plan.createdAt) }) }
    }

    /// Copies the outputs and warnings that a rerun keeps of the earlier run.
    fileprivate func keepOutputs(of plan: RunPlan, tenant: Int) throws {
        let tasks = plan.tasks.enumerated().compactMap { position, task in task.kept.map { (position: position, kept: $0) } }
        try keepItems(of: plan, tenant: tenant)
        guard let old = plan.rerunOf, !tasks.isEmpty else { return }
        let copied = try findRun(old, of: tenant) { from, to in
            let copied = try execute(
                """
                UPDATE tasks AS k SET outputs = o.outputs, warnings = o.warnings, engine_run_id = o.engine_run_id,
                    fan = o.fan
                FROM unnest($4, $5, $6) AS c (position, old_position, old_id)
                JOIN tasks AS o ON o.tenant = $1 AND o.run = $7 AND o.position = c.old_position AND o.id = c.old_id
                    AND o.run_created_at >= $8 AND o.run_created_at < $9
                WHERE k.tenant = $1 AND k.run = $2 AND k.run_created_at = $3 AND k.position = c.position
                """,
                [
                    tenant, plan.id, plan.createdAt, Column(tasks.map(\.position)), Column(tasks.map(\.kept.position)),
                    Column(tasks.map(\.kept.id)), old, from, to,
                ]
            ).affectedRows
            return copied == 0 ? nil : copied
        }
        guard copied == tasks.count else { throw StoreError.isGone(old) }
    }
}
