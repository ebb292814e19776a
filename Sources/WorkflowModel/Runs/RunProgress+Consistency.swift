extension RunProgress {
    /// The inconsistencies between the run and its tasks.
    public var inconsistencies: Set<RunInconsistency> {
        let allEnded = tasks.allSatisfy(\.state.hasEnded)
        if state.hasEnded { return allEnded ? [] : [.endedBeforeTasks] }
        if allEnded { return [.unfinishedWithoutTasks] }
        var found: Set<RunInconsistency> = []
        for task in tasks where task.fan == nil && (isSkippable(task) || (task.readyAt != nil) != canBeClaimed(task)) {
            found.insert(task.readyAt == nil ? .taskIsStuck : .taskIsReadyTooEarly)
        }
        for index in tasks.indices where tasks[index].fan != nil && (isSkippable(tasks[index]) || isStuck(groupAt: index)) {
            found.insert(.taskIsStuck)
        }
        return found
    }

    /// Repairs the repairable ``inconsistencies``, as if the change happened now.
    public mutating func repair(at now: Timestamp) throws(IllegalTransition) {
        guard !state.hasEnded else { return }
        let moment = moment(of: now)
        for index in tasks.indices {
            if tasks[index].fan != nil {
                if isStuck(groupAt: index) { try advance(groupAt: index, at: moment) }
                continue
            }
            let isClaimable = canBeClaimed(tasks[index])
            guard (tasks[index].readyAt != nil) != isClaimable else { continue }
            // Its condition decides, below.
            if isClaimable, tasks[index].gate != nil, tasks[index].state == .scheduled { continue }
            tasks[index].readyAt = isClaimable ? now : nil
            changedTasks.insert(index)
            hasNewWork = hasNewWork || isClaimable
        }
        if tasks.contains(where: { $0.gate != nil }) { try releaseDependents(at: moment) }
        try advanceClosingTasks(at: moment)
        try settle(at: moment)
    }

    /// Whether a closing task waits that has to be skipped.
    private func isSkippable(_ task: TaskProgress) -> Bool {
        task.when.isClosing && task.state == .scheduled && canBeClaimed(closing: task) == nil
    }

    func canBeClaimed(_ task: TaskProgress) -> Bool {
        switch task.state {
        case .inProgress: true
        case .scheduled where task.when.isClosing: canBeClaimed(closing: task) ?? false
        case .scheduled:
            task.needs.allSatisfy { need in tasks.contains { $0.definitionID == need && $0.satisfiesNeeds } }
        case .running, .stopping: task.waitsOutside
        case .started, .finalizing, .canceled, .succeeded, .failed, .skipped: false
        }
    }
}
