/// The change that a store has to write of the time until which closing tasks may run after a stop.
public enum ClosingDeadlineChange: Hashable, Sendable {
    case set(Timestamp)
    case removed
}

// Closing tasks run when everything that they need has ended, in whatever way. They go on after a stop, until its deadline.
extension RunProgress {
    /// The outcome until now, as a closing task is told.
    public var soFar: RunSoFar {
        let failed = tasks.filter { $0.state == .failed }.map(\.definitionID)
        return RunSoFar(state == .stopping ? .stopped : failed.isEmpty ? .succeeded : .failed, failedTasks: failed)
    }

    /// Ends the time of closing tasks after a stop: waiting ones are canceled, running ones are stopping. No effect on a run that is
    /// not stopping.
    public mutating func endClosing(at now: Timestamp) throws(IllegalTransition) {
        guard state == .stopping else { return }
        let moment = moment(of: now)
        for index in tasks.indices where !tasks[index].state.hasEnded && tasks[index].state != .stopping {
            try stopTask(at: index, with: .closingTimeIsOver, at: moment)
        }
        closingDeadline = .removed
        hasRunChanged = true
        try settle(at: moment)
    }

    /// Whether a stop leaves the task alone. The closing tasks of a run that has not begun have nothing to close.
    func outlivesStop(_ task: TaskProgress) -> Bool {
        task.when.isClosing && hasBegun && afterStop ?? .zero > .zero
    }

    /// Whether a worker has claimed any of the tasks, or an item of one.
    private var hasBegun: Bool {
        tasks.contains { task in task.attempt > 0 || task.fan?.counts.map { $0.began != nil && $0.total > 0 } ?? false }
    }

    mutating func setClosingDeadline(at moment: Moment) {
        guard let afterStop, tasks.contains(where: { !$0.state.hasEnded && outlivesStop($0) }) else { return }
        closingDeadline = .set(moment.clock + afterStop)
    }

    /// Makes closing tasks ready, or skips them, when everything that they need has ended.
    mutating func advanceClosingTasks(at moment: Moment) throws(IllegalTransition) {
        guard tasks.contains(where: { $0.when.isClosing && $0.isWaiting }) else { return }
        var ended = Set(tasks.lazy.filter(\.state.hasEnded).map(\.definitionID))
        // A skipped task may be the last one that another closing task waits for.
        var found = true
        while found {
            found = false
            for index in tasks.indices where tasks[index].when.isClosing && tasks[index].isWaiting {
                guard ended.isSuperset(of: tasks[index].needs) else { continue }
                if hasReason(toRun: tasks[index]) {
                    guard try release(index, at: moment) else { continue }
                    ended.insert(tasks[index].definitionID)
                    found = true
                } else {
                    try move(index, .skipped, at: moment)
                    ended.insert(tasks[index].definitionID)
                    found = true
                }
            }
        }
    }

    /// Closing tasks that no worker has claimed wait again for tasks that have been scheduled once more.
    mutating func holdClosingTasks() {
        for index in tasks.indices where tasks[index].when.isClosing && tasks[index].state == .scheduled {
            guard tasks[index].readyAt != nil, canBeClaimed(closing: tasks[index]) != true else { continue }
            tasks[index].readyAt = nil
            changedTasks.insert(index)
        }
    }

    /// Whether a closing task whose needs have ended runs.
    private func hasReason(toRun task: TaskProgress) -> Bool {
        switch task.when {
        case .always: true
        case .failure: state == .stopping || hasFailure(among: task.needs)
        case .success: false
        }
    }

    /// Whether one of the tasks, or one that they need directly or indirectly, failed.
    private func hasFailure(among needs: [String]) -> Bool {
        let failed = Set(tasks.lazy.filter { $0.state == .failed }.map(\.definitionID))
        guard !failed.isEmpty else { return false }
        let byID = Dictionary(tasks.map { ($0.definitionID, $0.needs) }, uniquingKeysWith: { first, _ in first })
        var seen: Set<String> = []
        var open = needs
        while let id = open.popLast() {
            guard seen.insert(id).inserted else { continue }
            if failed.contains(id) { return true }
            open += byID[id] ?? []
        }
        return false
    }

    /// Whether a closing task that is scheduled can be claimed; nil when it has to be skipped.
    func canBeClaimed(closing task: TaskProgress) -> Bool? {
        let hasEnded = task.needs.allSatisfy { need in tasks.contains { $0.definitionID == need && $0.state.hasEnded } }
        guard hasEnded else { return false }
        return hasReason(toRun: task) ? true : nil
    }
}

extension TaskProgress {
    /// Whether it is scheduled and waits for tasks that it needs.
    var isWaiting: Bool { state == .scheduled && readyAt == nil }
}

extension RunError {
    /// The error of a closing task that had not ended when its time after a stop was over.
    public static let closingTimeIsOver = RunError(
        attribution: .customer, type: manuallyStopped.type,
        message: "Workflow manually stopped, and the time that `after_stop` allows was over")
}
