import StoreCore
public import WorkflowModel

extension SQLiteStore {
    public func commit(_ events: [TaskEvent], under lease: Lease, at now: Timestamp) async throws -> CommitReceipt {
        try await write { try $0.commit(events, under: lease, at: now, signals: &$1) }
    }

    public func endLostAttempt(_ lost: LostAttempt, at now: Timestamp) async throws -> CommitReceipt {
        try await write { try $0.end(lost, at: now, signals: &$1) }
    }
}

extension DatabaseConnection: RunTransaction {
    func loadRun(of lease: Lease) throws -> StoredRun? {
        guard let tenant = try number(of: lease.tenant), var run = try storedRun(lease.run, of: tenant) else { return nil }
        try load(item: lease.task, into: &run)
        return run
    }

    func expiry(of lease: Lease) throws -> Timestamp? {
        guard let place = try place(of: lease.task, in: lease.run, of: lease.tenant) else { return nil }
        let found = try row(
            "SELECT lease_expires_at FROM tasks WHERE tenant = ? AND run = ? AND position = ? AND token = ?", place.tenant,
            place.run,
            place.position, lease.token
        ) { try $0.next(Timestamp?.self) }
        return found ?? nil
    }

    func outputs(ofTasks definitionIDs: Set<String>, of run: StoredRun) throws -> [String: JSONText] {
        try outputs(of: Array(definitionIDs), in: run.number, of: run.tenant)
    }

    func save(_ run: StoredRun) throws -> Bool {
        try save(run, heldBy: nil)
    }

    func endAttempt(at task: TaskProgress, position: Int, of run: StoredRun) throws {
        try change(
            """
            UPDATE attempts SET ended_at = ?, outcome = ?, error_attribution = ?, error_type = ?, error_message = ?, error_data = ?
            WHERE tenant = ? AND run = ? AND position = ? AND number = ? AND ended_at IS NULL
            """,
            task.stateChangedAt, task.attemptOutcome, task.error?.attribution, task.error?.type, task.error?.message,
            task.error?.data, run.tenant, run.number, position, task.attempt)
    }

    func hasEnded(_ id: RunID, besides run: StoredRun) throws -> Bool {
        let state = try row("SELECT state FROM runs INDEXED BY runs_id WHERE tenant = ? AND id = ?", run.tenant, id) {
            try $0.next(RunState.self)
        }
        return state?.hasEnded ?? true
    }

    func record(_ stop: RunStop, of run: StoredRun) throws {
        try change(
            """
            UPDATE OR FAIL runs SET stop_requested_at = ?, stop_requested_by = ?, stop_reason = ? WHERE number = ? AND tenant = ?
            """, stop.requestedAt, try findOrCreate(stop.requestedBy, in: run.tenant), stop.reason, run.number, run.tenant)
    }

    func admitWaiting(behind run: StoredRun) throws -> Bool {
        guard try hasLimits(run.tenant) else { return false }
        return try admitWaiting(of: run.tenant, for: run.progress.limitsWithFreedSlots(configuration: run.configuration))
    }
}
