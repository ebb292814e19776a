public import WorkflowModel

extension RunTransaction {
    /// Settles tasks of a loaded run as a person decided, and writes that down with the decisions.
    /// - Returns: why nothing has changed; nil after the change.
    public func resolve(
        _ run: Run, by order: ResolutionOrder, signals: inout Set<StoreSignal>
    ) throws -> ResolutionRefusal? {
        if run.isImported { return .isHistory }
        var run = run
        let positions: [Int]
        do {
            positions = try run.progress.resolve(order)
            try decideGates(of: &run, at: order.resolvedAt)
        } catch let refusal as ResolutionRefusal {
            return refusal
        }
        let count = try resolutionCount(of: run)
        guard count + positions.count <= RunResolution.most else { return .tooMany }
        if try save(run) { signals.insert(.triggers) }
        try record(positions.map { order.decision(about: run.progress[$0].id) }, after: count, of: run)
        if run.progress.hasNewWork { signals.insert(.work) }
        if run.hasEndedScheduled { signals.insert(.schedules) }
        if run.awaitedBy != nil { signals.insert(.work) }
        if try admitWaiting(behind: run) { signals.insert(.work) }
        return nil
    }

    /// Begins a new run with conditions, or one of which no task has to run, because every result is kept or was given.
    public func open(_ run: Run, at now: Timestamp, signals: inout Set<StoreSignal>) throws {
        var run = run
        try run.progress.open(at: now)
        try decideGates(of: &run, at: now)
        if try save(run) { signals.insert(.triggers) }
        if run.progress.hasNewWork || run.awaitedBy != nil { signals.insert(.work) }
        if try admitWaiting(behind: run) { signals.insert(.work) }
    }
}
