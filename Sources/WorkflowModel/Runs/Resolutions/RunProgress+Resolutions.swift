extension RunProgress {
    /// A person settles tasks while the run goes on.
    ///
    /// Each task gets a new fencing token, so that no late report of its earlier attempts changes it. Its dependents, which were
    /// skipped because of it, wait for their needs again, unless another failed task stands in their way.
    ///
    /// - Returns: the positions of the tasks.
    /// - Throws: ``ResolutionRefusal``, before anything has changed.
    @discardableResult
    public mutating func resolve(_ order: ResolutionOrder) throws -> [Int] {
        let positions = try resolvable(by: order)
        let moment = moment(of: order.resolvedAt)
        for index in positions { try resolve(index, order, at: moment) }
        try restoreDependents(at: moment)
        renewError()
        try endFailures()
        try releaseDependents(at: moment)
        holdClosingTasks()
        try advanceClosingTasks(at: moment)
        try settle(at: moment)
        return positions
    }

    private func resolvable(by order: ResolutionOrder) throws(ResolutionRefusal) -> [Int] {
        if state.hasEnded { throw .hasEnded }
        if state == .stopping { throw .isStopping }
        guard order.resolution.actsInPlace else { throw .needsEnd(order.resolution) }
        switch order.tasks {
        case .one(let id):
            guard let index = position(of: id) else { throw .noSuchTask }
            guard canBeResolved(at: index) else { throw .doesNotApply(label: self[index].label, state: self[index].state) }
            return [index]
        case .allFailed:
            let failed = tasks.indices.filter { tasks[$0].state == .failed }
            guard !failed.isEmpty else { throw .nothingFailed }
            return failed
        }
    }

    private mutating func resolve(_ index: Int, _ order: ResolutionOrder, at moment: Moment) throws(IllegalTransition) {
        guard let event = order.resolution.event else { return }
        let before = self[index]
        try move(index, event, at: moment)
        self[index].token += 1
        if self[index].state.hasEnded {
            self[index].readyAt = nil
            self[index].error = nil
            self[index].output = order.outputs ?? ResolvedOutputs.none
            self[index].resolution = order.resolution
        } else if before.fan != nil {
            retry(groupAt: index, at: moment)
        } else {
            self[index].readyAt = moment.clock
            self[index].endedAt = nil
            hasNewWork = true
        }
        try follow(resolvedItemAt: index, from: before, at: moment)
    }

    /// Tasks that were skipped because of a failure, and that no failed task prevents from running now, are scheduled again.
    private mutating func restoreDependents(at moment: Moment) throws(IllegalTransition) {
        let lost = lostTasks
        for index in tasks.indices where tasks[index].wasSkippedForFailure && !lost.contains(tasks[index].definitionID) {
            try move(index, .restored, at: moment)
            tasks[index].endedAt = nil
        }
    }

    /// The definition ids of failed tasks and of all that need them, directly or indirectly.
    private var lostTasks: Set<String> {
        var lost = Set(tasks.lazy.filter { $0.state == .failed }.map(\.definitionID))
        var found = !lost.isEmpty
        while found {
            found = false
            for task in tasks where task.wasSkippedForFailure && !lost.isDisjoint(with: task.needs) {
                if lost.insert(task.definitionID).inserted { found = true }
            }
        }
        return lost
    }

    /// The error of a run is that of the first task that failed and is still failed.
    private mutating func renewError() {
        let failed = tasks.enumerated().filter { $0.element.state == .failed }
        let first = failed.min { ($0.element.stateChangedAt, $0.offset) < ($1.element.stateChangedAt, $1.offset) }?.element
        let renewed = first.flatMap { task in task.error?.ofRun(causedBy: task.label) }
        guard renewed != error else { return }
        error = renewed
        hasRunChanged = true
    }
}

extension TaskState {
    /// Whether a person can resolve a task in this state while its run goes on.
    public var canBeResolved: Bool {
        switch self {
        case .failed, .inProgress: true
        case .scheduled, .started, .running, .finalizing, .stopping, .canceled, .succeeded, .skipped: false
        }
    }
}

extension TaskProgress {
    /// Whether tasks that need it can run.
    var satisfiesNeeds: Bool { state == .succeeded || (state == .skipped && (resolution != nil || gate?.isClosed == true)) }

    /// Neither by its run mode nor its condition nor a person.
    fileprivate var wasSkippedForFailure: Bool {
        SkipReason(state, when: when, hasNeeds: !needs.isEmpty, resolution: resolution, gate: gate) == .failedNeed
    }
}
