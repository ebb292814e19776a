import GRDB
public import WorkflowModel

extension SQLiteStore {
    public func commit(_ events: [TaskEvent], under lease: Lease, at now: Timestamp) async throws -> CommitReceipt {
        try await write { try $0.apply(events, under: lease, at: now, signals: &$1) }
    }

    public func rescue(
        _ lease: Lease, with event: TaskEvent, ifExpiredBy expiry: Timestamp?, at now: Timestamp
    ) async throws -> CommitReceipt {
        try await write { database, signals in
            if let expiry, let end = try database.expiry(of: lease), end > expiry { return .stale }
            return try database.apply([event], under: lease, at: now, signals: &signals)
        }
    }
}

extension Database {
    /// Lets a run decide what events mean, and writes that down.
    fileprivate func apply(
        _ events: [TaskEvent], under lease: Lease, at now: Timestamp, signals: inout Set<StoreSignal>
    ) throws -> CommitReceipt {
        guard var run = try storedRun(lease.run, of: lease.tenant) else { return .stale }
        let endsAttempt = events.contains(where: \.endsAttempt)
        let receipt = try run.progress.commit(events, under: lease, at: now)
        try save(run)
        if let position = run.progress.tasks.firstIndex(where: { $0.id == lease.task }),
            run.progress.changedTasks.contains(position), endsAttempt
        {
            try endAttempt(at: run.progress.tasks[position], position: position, of: run, at: now)
        }
        if run.progress.hasNewWork { signals.insert(.work) }
        if run.hasEndedScheduled { signals.insert(.schedules) }
        if endsAttempt, try admitWaiting(behind: run) { signals.insert(.work) }
        return receipt
    }

    /// Lets through who waited for what a run has left.
    /// - Returns: whether there may be something to claim.
    func admitWaiting(behind run: StoredRun) throws -> Bool {
        guard try hasLimits(run.tenant) else { return false }
        return try admitWaiting(of: run.tenant, for: run.progress.limitsMadeRoom(configuration: run.configuration))
    }

    private func endAttempt(at task: TaskProgress, position: Int, of run: StoredRun, at now: Timestamp) throws {
        // An attempt that is to be followed by another one has failed as well.
        let outcome: TaskState = task.state.hasEnded ? task.state : .failed
        try change(
            """
            UPDATE attempts SET ended_at = ?, outcome = ?, error_attribution = ?, error_type = ?, error_message = ?, error_data = ?
            WHERE tenant = ? AND run = ? AND position = ? AND number = ? AND ended_at IS NULL
            """,
            now, outcome, task.error?.attribution, task.error?.type, task.error?.message, task.error?.data, run.tenant,
            run.number, position, task.attempt)
    }

    /// When the lease of that token ends; nil when nobody holds it.
    fileprivate func expiry(of lease: Lease) throws -> Timestamp? {
        let found = try row(
            """
            SELECT k.lease_expires_at FROM runs AS r
            CROSS JOIN tasks AS k ON k.tenant = r.tenant AND k.run = r.number
            WHERE r.tenant = (SELECT number FROM tenants WHERE name = ?) AND r.id = ? AND k.id = ? AND k.token = ?
            """, lease.tenant.name, lease.run, lease.task, lease.token
        ) { try $0.next(Timestamp?.self) }
        return found ?? nil
    }
}
