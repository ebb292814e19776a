import GRDB
import StoreCore
public import WorkflowModel

extension SQLiteStore {
    public func createRun(_ plan: RunPlan, once key: IdempotencyKey?) async throws -> CreatedRun {
        try await write { database, signals in
            let tenant = try database.findOrCreate(plan.tenant)
            if let key, let first = try database.acceptedRun(for: key, of: tenant, named: plan.tenant, at: plan.createdAt) {
                return CreatedRun(details: first, isReplay: true)
            }
            try database.checkCarriers(of: plan, tenant: tenant)
            let run = try database.insert(plan, tenant: tenant, signals: &signals)
            try database.insertSubscriptions(of: plan, to: run, tenant: tenant)
            try database.record(plan.startEvent, plan.auditObject, of: plan.tenant, numbered: tenant)
            if let key { try database.remember(key, for: run, of: tenant, at: plan.createdAt) }
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

extension DatabaseConnection {
    /// Writes a planned run with its tasks.
    @discardableResult
    func insert(_ plan: RunPlan, tenant: Int, signals: inout Set<StoreSignal>) throws -> Int {
        let run = try insertRun(plan, tenant: tenant)
        try insertTasks(of: plan, run: run, tenant: tenant)
        try keepOutputs(of: plan, run: run, tenant: tenant)
        try insert(plan.resolutions, run: run, tenant: tenant)
        if plan.isComplete || plan.hasGates, let stored = try storedRun(number: run, of: tenant) {
            try open(stored, at: plan.createdAt, signals: &signals)
        }
        if plan.tasks.contains(where: \.isReady) { signals.insert(.work) }
        return run
    }

    /// OR FAIL: see ``save(_:heldBy:)``.
    private func insertRun(_ plan: RunPlan, tenant: Int) throws -> Int {
        do {
            try change(
                """
                INSERT OR FAIL INTO runs (tenant, id, type, state, created_at, name, principal, configuration, launched_version,
                    run_mode, range_from, range_to, scheduled_for, schedule, rerun_of, warn_after_ms, warn_at, labels,
                    warnings, after_stop_ms, parameters, called_by_run, called_by_task, triggered_by)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                tenant, plan.id, try findOrCreate(type: plan.type, in: tenant), RunState.scheduled, plan.createdAt, plan.name,
                try findOrCreate(plan.principal, in: tenant), plan.configuration, plan.version, plan.runMode, plan.range?.from,
                plan.range?.to, plan.scheduledFor, plan.schedule, plan.rerunOf, plan.warnAfter,
                plan.warnAfter.map { plan.createdAt + $0 }, plan.labels, plan.warnings, plan.afterStop,
                plan.parameters, plan.calledBy?.run, plan.calledBy?.task, plan.trigger)
        } catch let error as DatabaseError where error.isDuplicate {
            throw StoreError.exists("A run with the id \(plan.id)", cause: error)
        }
        return lastRow
    }

    private func insertTasks(of plan: RunPlan, run: Int, tenant: Int) throws {
        for (position, task) in plan.tasks.enumerated() {
            try change(
                """
                INSERT INTO tasks (tenant, run, position, id, definition_id, definition_type, label, stage, execution_type,
                    timeout_ms, needs, created_at, state, state_changed_at, ended_at, ready_at, uses, kept_from,
                    condition, outputs, resolution, gate, fan, item, attempt, token)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0)
                """,
                tenant, run, position, task.id, task.definitionID, task.definitionType, task.label, task.stage,
                task.executionType.rawValue, task.timeout, Needs.text(task.needs), plan.createdAt,
                task.state, plan.createdAt, task.state.hasEnded ? plan.createdAt : nil,
                task.isReady ? plan.createdAt : nil, ResourceUse.text(task.uses), task.kept?.origin, task.when,
                task.resolved?.outputs, task.resolution, task.gate?.storedText, task.fan?.storedText,
                task.oldItems == nil ? task.list : nil)
        }
    }

    /// Copies the outputs and warnings that a rerun keeps of the earlier run.
    fileprivate func keepOutputs(of plan: RunPlan, run: Int, tenant: Int) throws {
        guard let old = plan.rerunOf, plan.tasks.contains(where: { $0.kept != nil || $0.oldItems != nil }) else { return }
        let number = try row("SELECT number FROM runs WHERE tenant = ? AND id = ?", tenant, old) { try $0.next(Int.self) }
        for (position, task) in plan.tasks.enumerated() {
            guard let kept = task.kept else { continue }
            let copied = try change(
                """
                UPDATE tasks SET (outputs, warnings, engine_run_id, fan) = (o.outputs, o.warnings, o.engine_run_id, o.fan)
                FROM tasks AS o
                WHERE tasks.tenant = ?1 AND tasks.run = ?2 AND tasks.position = ?3
                    AND o.tenant = ?1 AND o.run = ?4 AND o.position = ?5 AND o.id = ?6
                """, tenant, run, position, number, kept.position, kept.id)
            guard copied > 0 else { throw StoreError.isGone(old) }
        }
        try keepItems(of: plan, run: run, tenant: tenant, from: number)
    }
}
