public import WorkflowModel

extension PostgresStore {
    public func commit(_ events: [TaskEvent], under lease: Lease, at now: Timestamp) async throws -> CommitReceipt {
        try await write { try $0.apply(events, under: lease, at: now, signals: &$1.signals) }
    }

    public func rescue(
        _ lease: Lease, with event: TaskEvent, ifExpiredBy expiry: Timestamp?, at now: Timestamp
    ) async throws -> CommitReceipt {
        try await write { try $0.apply([event], under: lease, ifExpiredBy: expiry, at: now, signals: &$1.signals) }
    }
}

extension PostgresConnection {
    /// Lets a run decide what events mean, and writes that down. What had been written down before, by a try whose answer was lost,
    /// changes nothing.
    fileprivate func apply(
        _ events: [TaskEvent], under lease: Lease, ifExpiredBy expiry: Timestamp? = nil, at now: Timestamp,
        signals: inout Set<StoreSignal>
    ) throws -> CommitReceipt {
        guard let tenant = try number(of: lease.tenant), var run = try storedRun(lease.run, of: tenant) else { return .stale }
        if let expiry, let end = try self.expiry(of: lease, tenant: tenant), end > expiry { return .stale }
        let endsAttempt = events.contains(where: \.endsAttempt)
        let receipt = try run.progress.commit(events, under: lease, at: now)
        try save([run])
        if let position = run.progress.tasks.firstIndex(where: { $0.id == lease.task }),
            run.progress.changedTasks.contains(position), endsAttempt
        {
            try endAttempt(at: run.progress.tasks[position], position: position, of: run.key, at: now)
        }
        if run.progress.hasNewWork { signals.insert(.work) }
        if run.hasEndedScheduled { signals.insert(.schedules) }
        if endsAttempt, try admitWaiting(behind: run) { signals.insert(.work) }
        return receipt
    }

    private func endAttempt(at task: TaskProgress, position: Int, of run: RunKey, at now: Timestamp) throws {
        // An attempt that is to be followed by another one has failed as well.
        let outcome: TaskState = task.state.hasEnded ? task.state : .failed
        try change(
            """
            UPDATE attempts SET ended_at = $1, outcome = $2, error_attribution = $3, error_type = $4, error_message = $5,
                error_data = $6
            WHERE tenant = $7 AND run = $8 AND run_created_at = $9 AND position = $10 AND number = $11 AND ended_at IS NULL
            """,
            now, outcome, task.error?.attribution, task.error?.type, task.error?.message, task.error?.data, run.tenant, run.id,
            run.createdAt, position, task.attempt)
    }

    /// When the lease of that token ends; nil when nobody holds it. Locks it, so that it is not renewed meanwhile.
    private func expiry(of lease: Lease, tenant: Int) throws -> Timestamp? {
        try row(
            "SELECT expires_at FROM task_leases WHERE tenant = $1 AND run = $2 AND task = $3 AND token = $4 FOR UPDATE",
            tenant, lease.run, lease.task, lease.token
        ) { try $0.next() }
    }
}
