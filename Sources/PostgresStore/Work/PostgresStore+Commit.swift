import StoreCore
public import WorkflowModel

extension PostgresStore {
    public func commit(_ events: [TaskEvent], under lease: Lease, at now: Timestamp) async throws -> CommitReceipt {
        try await write { database, attempt in
            try database.lockItems(besides: lease, whenFailing: events)
            return try database.commit(events, under: lease, at: now, signals: &attempt.signals)
        }
    }

    public func endLostAttempt(_ lost: LostAttempt, at now: Timestamp) async throws -> CommitReceipt {
        try await write { database, attempt in
            try database.lockItems(besides: lost.lease, whenFailing: [lost.event])
            return try database.end(lost, at: now, signals: &attempt.signals)
        }
    }
}

extension PostgresConnection: RunTransaction {
    /// A failed item ends the others of a group that fails fast. Ready ones are locked before the run, as a claim does, so that the two
    /// never deadlock.
    func lockItems(besides lease: Lease, whenFailing events: [TaskEvent]) throws {
        let fails = events.contains { if case .failed = $0 { true } else { false } }
        guard fails, let group = lease.task.asItem?.group, let tenant = try number(of: lease.tenant) else { return }
        let fan = try findRun(lease.run, of: tenant) { from, to in
            try row(ItemStatement.group, tenant, lease.run, from, to, ItemPlace.first, group) { try $0.next(String?.self) }
        }
        guard let text = fan ?? nil, try FanOut(storedText: text).failsFast else { return }
        try lockReadyTasks(of: lease.run, tenant: tenant)
    }

    func loadRun(of lease: Lease) throws -> StoredRun? {
        guard let tenant = try number(of: lease.tenant), var run = try storedRun(lease.run, of: tenant) else { return nil }
        try load(item: lease.task, into: &run)
        return run
    }

    /// Locks the lease, so that it is not renewed meanwhile.
    func expiry(of lease: Lease) throws -> Timestamp? {
        guard let tenant = try number(of: lease.tenant) else { return nil }
        return try row(
            "SELECT expires_at FROM task_leases WHERE tenant = $1 AND run = $2 AND task = $3 AND token = $4 FOR UPDATE",
            tenant, lease.run, lease.task, lease.token
        ) { try $0.next() }
    }

    func outputs(ofTasks definitionIDs: Set<String>, of run: StoredRun) throws -> [String: JSONText] {
        try outputs(of: Array(definitionIDs), in: run.key)
    }

    func save(_ run: StoredRun) throws -> Bool {
        try save([run])
    }

    func endAttempt(at task: TaskProgress, position: Int, of run: StoredRun) throws {
        try change(
            """
            UPDATE attempts SET ended_at = $1, outcome = $2, error_attribution = $3, error_type = $4, error_message = $5,
                error_data = $6
            WHERE tenant = $7 AND run = $8 AND run_created_at = $9 AND position = $10 AND number = $11 AND ended_at IS NULL
            """,
            task.stateChangedAt, task.attemptOutcome, task.error?.attribution, task.error?.type, task.error?.message,
            task.error?.data, run.tenant, run.id, run.key.createdAt, position, task.attempt)
    }

    /// A transaction that ends the run at this moment is awaited: it does not see the caller's wait, which is not committed yet.
    func hasEnded(_ id: RunID, besides run: StoredRun) throws -> Bool {
        try lockEnd(of: id, tenant: run.tenant)
        let state = try findRun(id, of: run.tenant) { from, to in
            try row(
                "SELECT state FROM runs WHERE tenant = $1 AND id = $2 AND created_at >= $3 AND created_at < $4", run.tenant, id,
                from, to
            ) { try $0.next(RunState.self) }
        }
        return state?.hasEnded ?? true
    }

    func record(_ stop: RunStop, of run: StoredRun) throws {
        try change(
            """
            UPDATE runs SET stop_requested_at = $1, stop_requested_by = $2, stop_reason = $3
            WHERE tenant = $4 AND id = $5 AND created_at = $6
            """, stop.requestedAt, try findOrCreate(stop.requestedBy, in: run.tenant), stop.reason, run.tenant, run.id,
            run.key.createdAt)
    }

    func admitWaiting(behind run: StoredRun) throws -> Bool {
        guard run.hasLimits else { return false }
        try lockLimits(of: run.tenant)
        return try admitWaiting(of: run.tenant, for: run.progress.limitsWithFreedSlots(configuration: run.configuration))
    }
}
