public import WorkflowModel

/// The statements that changes of runs need, in one transaction: load the run, let it decide, write back what has changed.
public protocol RunTransaction {
    associatedtype Run: LoadedRun

    /// The run that a lease is about, locked where the store locks rows; nil when there is none. With the item, when the task is one: no
    /// other item is loaded.
    func loadRun(of lease: Lease) throws -> Run?

    /// When the lease with that token ends; nil when no worker holds it.
    func expiry(of lease: Lease) throws -> Timestamp?

    /// Outputs of ended tasks by their definition ids; tasks without outputs are left out.
    func outputs(ofTasks definitionIDs: Set<String>, of run: Run) throws -> [String: JSONText]

    /// Answers what decisions about groups of items need to know. Items that are loaded for it become a part of the run.
    func answers(to requests: Set<ItemRequest>, about run: inout Run) throws -> ItemAnswers

    /// Writes back what has changed, raises the alerts that follow, and fires the triggers after the run.
    /// - Returns: whether a trigger has fired.
    func save(_ run: Run) throws -> Bool

    /// Records how the newest attempt at a task ended.
    func endAttempt(at task: TaskProgress, position: Int, of run: Run) throws

    /// Whether another run of the same tenant has ended, or no longer exists.
    func hasEnded(_ id: RunID, besides run: Run) throws -> Bool

    /// Records the first request to stop a run.
    func record(_ stop: RunStop, of run: Run) throws

    /// How many decisions of persons about the run's tasks are recorded.
    func resolutionCount(of run: Run) throws -> Int

    /// Records decisions of persons about the run's tasks, behind the recorded ones.
    func record(_ resolutions: [RunResolution], after count: Int, of run: Run) throws

    /// Makes tasks claimable that waited for what a run has released.
    /// - Returns: whether a worker may find something to claim.
    func admitWaiting(behind run: Run) throws -> Bool
}

extension RunTransaction {
    /// Lets a run decide what events mean, and writes that down. Events that were written down before change nothing.
    @inlinable
    public func commit(
        _ events: [TaskEvent], under lease: Lease, at now: Timestamp, signals: inout Set<StoreSignal>
    ) throws -> CommitReceipt {
        guard let run = try loadRun(of: lease) else { return .stale }
        return try commit(events, of: run, under: lease, at: now, signals: &signals)
    }

    /// Ends an attempt whose worker was lost, unless it waited for work outside: then it goes on.
    public func end(_ lost: LostAttempt, at now: Timestamp, signals: inout Set<StoreSignal>) throws -> CommitReceipt {
        guard let run = try loadRun(of: lost.lease) else { return .stale }
        if let expiry = lost.expiry, let end = try self.expiry(of: lost.lease), end > expiry { return .stale }
        let event = run.progress.event(afterLosing: lost.lease, otherwise: lost.event, at: now)
        return try commit([event], of: run, under: lost.lease, at: now, signals: &signals)
    }

    @usableFromInline
    func commit(
        _ events: [TaskEvent], of run: Run, under lease: Lease, at now: Timestamp, signals: inout Set<StoreSignal>
    ) throws -> CommitReceipt {
        var run = run
        let events = try events.map { try dueIfCalledRunHasEnded($0, of: run, at: now) }
        let endsAttempt = events.contains(where: \.endsAttempt)
        let receipt = try run.progress.commit(events, under: lease, at: now)
        try decideGates(of: &run, at: now)
        if try save(run) { signals.insert(.triggers) }
        if endsAttempt, let position = run.progress.position(of: lease.task), run.progress.changedTasks.contains(position) {
            try endAttempt(at: run.progress[position], position: position, of: run)
        }
        try endAttempts(of: run)
        if run.progress.hasNewStops { signals.insert(.endings(run.id)) }
        if run.progress.hasNewWork { signals.insert(.work) }
        if run.hasEndedScheduled { signals.insert(.schedules) }
        if run.awaitedBy != nil { signals.insert(.work) }
        if events.contains(where: \.endsLease), try admitWaiting(behind: run) { signals.insert(.work) }
        return receipt
    }

    /// A wait for a run that ended before the wait was written: it is due at once, because nothing will wake it.
    private func dueIfCalledRunHasEnded(_ event: TaskEvent, of run: Run, at now: Timestamp) throws -> TaskEvent {
        guard case .waiting(let wait, let id?) = event, wait.subject == .run, try hasEnded(RunID(rawValue: id), besides: run) else {
            return event
        }
        return .waiting(wait.resumed(at: now), runID: id)
    }

    /// Lets the run decide what needs outputs of ended tasks, lists of items, or more items than were loaded. Without any, it reads
    /// nothing.
    ///
    /// It ends: each round is about outputs that no round before had, or begins, releases or ends items of a group.
    public func decideGates(of run: inout Run, at now: Timestamp) throws {
        while true {
            if !run.progress.wantedOutputs.isEmpty {
                try run.progress.learn(outputs(ofTasks: run.progress.wantedOutputs, of: run), at: now)
            } else if !run.progress.wantedItems.isEmpty {
                let answers = try answers(to: run.progress.wantedItems, about: &run)
                try run.progress.learn(answers, at: now)
            } else {
                return
            }
        }
    }

    /// Asks a loaded run to stop, and writes that down.
    ///
    /// - Parameter isRepeated: whether an earlier try may have written it already, whose signals were not sent.
    public func stop(
        _ run: Run, of tenant: Tenant, for request: RunStop, isRepeated: Bool = false, signals: inout Set<StoreSignal>
    ) throws {
        var run = run
        let isFirst = run.progress.canBeStopped
        try run.stop(of: tenant, at: request.requestedAt)
        try decideGates(of: &run, at: request.requestedAt)
        if isFirst { try record(request, of: run) }
        let isNew = run.progress.hasRunChanged || isRepeated
        if isNew, run.progress.hasStoppingTasks { signals.insert(.stop(run.id)) }
        if run.progress.hasNewWork { signals.insert(.work) }
        if run.hasEndedScheduled { signals.insert(.schedules) }
        if run.awaitedBy != nil { signals.insert(.work) }
        if try save(run) { signals.insert(.triggers) }
        try endAttempts(of: run)
        if try admitWaiting(behind: run) { signals.insert(.work) }
    }

    /// Ends the time of closing tasks in a loaded run, and writes that down.
    ///
    /// - Returns: whether the run was stopping. A run that has ended meanwhile stays as it is.
    public func endClosing(of run: Run, at now: Timestamp, signals: inout Set<StoreSignal>) throws -> Bool {
        var run = run
        guard run.progress.state == .stopping else { return false }
        try run.progress.endClosing(at: now)
        try decideGates(of: &run, at: now)
        if run.progress.hasStoppingTasks { signals.insert(.stop(run.id)) }
        if run.progress.hasNewWork { signals.insert(.work) }
        if run.hasEndedScheduled { signals.insert(.schedules) }
        if run.awaitedBy != nil { signals.insert(.work) }
        if try save(run) { signals.insert(.triggers) }
        try endAttempts(of: run)
        if try admitWaiting(behind: run) { signals.insert(.work) }
        return true
    }

    /// Records the ends of attempts that no worker reported, because they waited for work outside.
    @usableFromInline
    func endAttempts(of run: Run) throws {
        for position in run.progress.endedAttempts.sorted() {
            try endAttempt(at: run.progress[position], position: position, of: run)
        }
    }
}
