public import WorkflowModel

extension RowReader {
    public mutating func nextSecret() throws -> TransferredSecret {
        TransferredSecret(name: try next(), value: try next())
    }

    /// The columns of a run beside those of the run in a list: whether it is imported, launched_version, imported_version, those
    /// of ``nextStop()``, warn_after_ms, warn_at, after_stop_ms, the due time of its closing deadline,
    /// and those of ``nextCaller()``.
    public mutating func nextTransferredRun(of run: WorkflowRun) throws -> TransferredRun {
        TransferredRun(
            run: run, isImported: try next(), launchedVersion: try next(), importedVersion: try next(), stop: try nextStop(),
            warnAfter: try next(), warnAt: try next(), afterStop: try next(), closingUntil: try next(), calledBy: try nextCaller())
    }

    /// The columns of a task as the API shows it, then needs, uses, ready_at, token, worker, lease_expires_at, outputs, wait, position.
    public mutating func nextTransferredTask(of run: RunID, tenant: Tenant) throws -> TransferredTask {
        let instance = try nextTaskInstance(of: run, tenant: tenant)
        var task = TransferredTask(
            position: 0, instance: instance, needs: try Needs.ids(try next()), uses: try ResourceUse.uses(try next()),
            readyAt: try next(), token: try next(), holder: try nextHolder(), outputs: try next(), wait: try nextWait())
        task.position = try next()
        return task
    }

    /// The columns worker, lease_expires_at; nil when no worker holds the task.
    private mutating func nextHolder() throws -> TaskHolder? {
        let worker = try next(String?.self)
        let expiry = try next(Timestamp?.self)
        guard let worker, let expiry else { return nil }
        return TaskHolder(worker: worker, leaseExpiresAt: expiry)
    }

    public mutating func nextTransferredAttempt() throws -> TransferredAttempt {
        let number = try next(Int.self)
        let (startedAt, endedAt) = (try next(Timestamp.self), try next(Timestamp?.self))
        let outcome = try next(TaskState?.self)
        let error = try nextError()
        let (begin, end) = (try next(Int.self), try next(Int.self))
        guard begin <= end else { throw StoreError.unreadable("output that ends before it begins") }
        return TransferredAttempt(
            number: number, startedAt: startedAt, endedAt: endedAt, outcome: outcome, error: error, output: begin..<end,
            ending: try nextEnding())
    }

    /// The columns owner, key, fingerprint, run, created_at of the run, created_at of the key.
    public mutating func nextStartKey(
        of tenant: Tenant, numbered number: Int
    ) throws -> TransferredRow<StartKeyPlace, TransferredStartKey> {
        let key = IdempotencyKey(owner: try next(), text: try next(), fingerprint: try next())
        let record = TransferredStartKey(
            tenant: tenant, key: key, run: try next(), runCreatedAt: try next(), usedAt: try next())
        return TransferredRow(StartKeyPlace(tenant: number, owner: key.owner, key: key.text), record)
    }

    /// The columns configuration, revision, decided_until, wake_at, waits_for_run.
    public mutating func nextSchedules(of tenant: Tenant) throws -> TransferredSchedules {
        TransferredSchedules(
            tenant: tenant, configuration: try next(), revision: try next(), decidedUntil: try next(), wakeAt: try next(),
            waitsForRun: try next())
    }

    /// The column number, then those of a record.
    public mutating func nextNumbered<Record>(
        _ decode: (inout Self) throws -> Record
    ) throws -> TransferredRow<NumberPlace, Record> {
        let number = try next(Int.self)
        return TransferredRow(NumberPlace(number: number), try decode(&self))
    }
}
