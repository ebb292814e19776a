public import WorkflowModel

extension RowReader {
    @inlinable
    public mutating func nextTenant() throws -> Tenant {
        let name = try text()
        guard let tenant = Tenant(name) else { throw StoreError.unreadable("the tenant \"\(name)\"") }
        return tenant
    }

    /// The columns id, name, email.
    @inlinable
    public mutating func nextPrincipal() throws -> Principal {
        Principal(id: try next(), name: try next(), email: try next())
    }

    /// The columns from, to; nil when neither is set.
    @inlinable
    public mutating func nextRange() throws -> TimeWindow? {
        let window = TimeWindow(from: try next(), to: try next())
        return window == TimeWindow() ? nil : window
    }

    /// The four columns of an error: attribution, type, message, data.
    @inlinable
    public mutating func nextError() throws -> RunError? {
        let attribution = try next(Attribution?.self)
        let type = try next(String?.self)
        let message = try next(String?.self)
        let data = try next(JSONText?.self)
        guard let type, let message else { return nil }
        return RunError(attribution: attribution, type: type, message: message, data: data)
    }

    /// The columns of an error in a list: data that is too long for a list is NULL, and the column after it has its length.
    @inlinable
    public mutating func nextListedError() throws -> RunError? {
        var error = try nextError()
        let length = try next(Int?.self)
        if error?.data == nil { error?.omittedDataBytes = length }
        return error
    }

    /// The columns stop_requested_at, stop_reason, and id, name and email of the principal; nil when there was no request.
    @inlinable
    public mutating func nextStop() throws -> RunStop? {
        let (requestedAt, reason) = (try next(Timestamp?.self), try next(String?.self))
        let (id, name, email) = (try next(String?.self), try next(String?.self), try next(String?.self))
        guard let requestedAt, let id, let name else { return nil }
        return RunStop(requestedAt: requestedAt, requestedBy: Principal(id: id, name: name, email: email), reason: reason)
    }
}

extension RowReader {
    /// The columns of a run's origin: the workflow's id, labels, run_mode, range_from, range_to, scheduled_for, schedule, rerun_of,
    /// parameters, triggered_by.
    @inlinable
    public mutating func nextOrigin() throws -> RunOrigin {
        var origin = RunOrigin(
            configuration: try next(), labels: try next(), runMode: try next(), range: try nextRange(), scheduledFor: try next(),
            schedule: try next(), rerunOf: try next())
        origin.parameters = try next()
        origin.trigger = try next()
        return origin
    }

    /// The columns of a run's details beside those of the run in a list: whether it is imported, launched_version,
    /// imported_version, warn_after_ms, those of ``nextStop()``, after_stop_ms, and those of
    /// ``nextCaller()``.
    @inlinable
    public mutating func nextDetails(of run: WorkflowRun) throws -> WorkflowRunDetails {
        let isImported = try next(Bool.self)
        var details = WorkflowRunDetails(
            run: run, launchedVersion: try next(), currentVersion: try next(), warnAfter: try next(), stop: try nextStop(),
            isImported: isImported)
        let afterStop = try next(Duration?.self)
        if run.state == .stopping, let stop = details.stop, let afterStop { details.closingUntil = stop.requestedAt + afterStop }
        details.calledBy = try nextCaller()
        return details
    }

    /// The columns called_by_run, called_by_task.
    @inlinable
    public mutating func nextCaller() throws -> RunCaller? {
        let (run, task) = (try next(RunID?.self), try next(TaskID?.self))
        guard let run, let task else { return nil }
        return RunCaller(run: run, task: task)
    }

    /// The columns launched_version, warn_after_ms: the run as its acceptance was answered.
    @inlinable
    public mutating func nextAcceptedDetails(of run: WorkflowRun) throws -> WorkflowRunDetails {
        let version = try next(ConfigurationVersionID?.self)
        return WorkflowRunDetails(run: run, launchedVersion: version, currentVersion: version, warnAfter: try next())
    }

    /// The columns that decisions about a task depend on.
    @inlinable
    public mutating func nextTaskProgress() throws -> TaskProgress {
        TaskProgress(
            id: try next(), definitionID: try next(), label: try next(), when: try next(), needs: try Needs.ids(try next()),
            state: try next(),
            stateChangedAt: try next(), readyAt: try next(), endedAt: try next(), error: try nextError(),
            engineRunID: try next(), attempt: try next(), token: try next(), uses: try ResourceUse.uses(try next()),
            resolution: try next(), gate: try nextGate(), wait: try nextWait(), fan: try nextFanOut())
    }

    /// The columns of ``nextTaskProgress()``, then item: the value, of an item that can be claimed.
    public mutating func nextItemProgress() throws -> TaskProgress {
        var task = try nextTaskProgress()
        task.item = try next()
        return task
    }

    /// Of a task that runs once for each of several items.
    @inlinable
    public mutating func nextFanOut() throws -> FanOut? {
        try next(String?.self).map(FanOut.init(storedText:))
    }

    /// The columns position, error_attribution, error_type, error_message, error_data of an item that failed.
    public mutating func nextFailedItem() throws -> FailedItem? {
        let index = ItemPlace.index(of: try next())
        guard let index, let error = try nextError() else { return nil }
        return FailedItem(index: index, error: error)
    }

    /// The work outside that a task waits for.
    @inlinable
    public mutating func nextWait() throws -> TaskWait? {
        try next(String?.self).map(TaskWait.init(storedText:))
    }

    /// The condition of a task in its run.
    @inlinable
    public mutating func nextGate() throws -> TaskGate? {
        try next(String?.self).map(TaskGate.init(storedText:))
    }

    /// The columns of a task as the API shows it. Why it was skipped is not among them.
    @inlinable
    public mutating func nextTaskInstance(of run: RunID, tenant: Tenant) throws -> TaskInstance {
        TaskInstance(
            id: try next(), run: run, tenant: tenant, label: try next(), state: try next(), stateChangedAt: try next(),
            createdAt: try next(), endedAt: try next(), executionType: try next(), engineRunID: try next(),
            definitionID: try next(), definitionType: try next(), timeout: try next(), error: try nextError(),
            stage: try next(), attempts: try next(), keptFrom: try next(), when: try next(), warnings: try next(),
            resolution: try next(), gate: try nextGate(), fan: try nextFanOut(), item: try next())
    }

    /// The columns of a task as the API shows it, and whether it has any needs.
    /// - Parameter isImported: whether the run is imported history, which does not say why a task was skipped.
    @inlinable
    public mutating func nextTaskInstance(of run: RunID, tenant: Tenant, isImported: Bool) throws -> TaskInstance {
        var task = try nextTaskInstance(of: run, tenant: tenant)
        let hasNeeds = try next(Bool.self)
        task.skipReason =
            isImported
            ? nil
            : SkipReason(
                task.state, when: task.when, hasNeeds: hasNeeds, resolution: task.resolution, gate: task.gate)
        return task
    }

    /// The columns id, definition_id, label, stage, state, attempt, kept_from, condition, resolution, gate, fan, whether it has any needs, and
    /// the start and the end of the newest attempt.
    /// - Parameter isImported: whether the run is imported history, which does not say why a task was skipped.
    @inlinable
    public mutating func nextTaskResult(isImported: Bool) throws -> TaskResult {
        var task = TaskResult(
            id: try next(), definitionID: try next(), label: try next(), stage: try next(), state: try next(),
            attempts: try next(), isKept: try next(RunID?.self) != nil)
        let (when, resolution) = (try next(TaskCondition.self), try next(Resolution?.self))
        let gate = try nextGate()
        task.items = try nextFanOut()?.counts
        let hasNeeds = try next(Bool.self)
        task.skipReason =
            isImported ? nil : SkipReason(task.state, when: when, hasNeeds: hasNeeds, resolution: resolution, gate: gate)
        let (start, end) = (try next(Timestamp?.self), try next(Timestamp?.self))
        if let start, let end { task.duration = max(.zero, end - start) }
        return task
    }

    @inlinable
    public mutating func nextAttempt() throws -> TaskAttemptRecord {
        TaskAttemptRecord(
            task: try next(), number: try next(), startedAt: try next(), endedAt: try next(), outcome: try next(),
            error: try nextError(), ending: try nextEnding())
    }

    /// The columns terminated_at, killed_at, call_canceled_at, gone_at; nil when nothing was recorded.
    @inlinable
    public mutating func nextEnding() throws -> TaskEnding? {
        let (terminatedAt, killedAt) = (try next(Timestamp?.self), try next(Timestamp?.self))
        let (callCanceledAt, goneAt) = (try next(Timestamp?.self), try next(Timestamp?.self))
        return goneAt.map {
            TaskEnding(terminatedAt: terminatedAt, killedAt: killedAt, callCanceledAt: callCanceledAt, goneAt: $0)
        }
    }

    /// The columns id, name and email of the principal, written_at, text.
    public mutating func nextNote() throws -> RunNote {
        RunNote(by: try nextPrincipal(), at: try next(), text: try next())
    }

    /// The columns task, resolution, reason, resolved_at, and id, name and email of the principal.
    public mutating func nextResolution() throws -> RunResolution {
        let (task, resolution) = (try next(TaskID.self), try next(Resolution.self))
        let (reason, resolvedAt) = (try next(String?.self), try next(Timestamp.self))
        return RunResolution(task: task, resolution: resolution, by: try nextPrincipal(), at: resolvedAt, reason: reason)
    }

    /// The columns definition_id, length, outputs; the last is NULL when it is longer than was asked for.
    @inlinable
    public mutating func nextOutputs() throws -> TaskOutputs {
        let (id, length) = (try next(String.self), try next(Int.self))
        return TaskOutputs(definitionID: id, text: try next(), length: length)
    }

    /// The columns from_byte, bytes, marks.
    @inlinable
    public mutating func nextOutputChunk() throws -> OutputChunk {
        let (offset, bytes) = (try next(Int.self), try next([UInt8].self))
        let marks = try next([UInt8]?.self).map { OutputMarks(column: $0, from: offset) }
        return OutputChunk(offset: offset, bytes: bytes, marks: marks ?? OutputMarks())
    }

    /// The columns number, output_begin, output_end, whether the attempt has ended.
    package mutating func nextOutputSpan() throws -> OutputSpan {
        OutputSpan(attempt: try next(), begin: try next(), end: try next(), hasEnded: try next())
    }

    package mutating func nextOutputExtent() throws -> OutputExtent {
        OutputExtent(
            task: try next(), definitionID: try next(), position: try next(), attempt: try next(), begin: try next(),
            end: try next(), hasEnded: try next())
    }
}
