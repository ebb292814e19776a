// A task that waits for work outside keeps its state: it is `running` until it is asked to stop, and then `stopping`. No worker holds it
// until it is due again.
extension TaskProgress {
    /// Whether a worker holds a lease on it. No worker holds a group.
    public var isHeld: Bool { state.isHeld && readyAt == nil && fan == nil }

    /// Whether it waits for work outside, so that no worker holds it.
    public var waitsOutside: Bool { state.isHeld && readyAt != nil }
}

extension RunProgress {
    /// The event of an attempt whose worker was lost. One that waited for work outside goes on: the work does not depend on the worker.
    public func event(afterLosing lease: Lease, otherwise event: TaskEvent, at now: Timestamp) -> TaskEvent {
        guard let task = position(of: lease.task).map({ self[$0] }), task.token == lease.token, task.isHeld, let wait = task.wait
        else { return event }
        return .waiting(wait.resumed(at: now))
    }

    /// The worker gave the task up until it is due again.
    mutating func beginWait(_ wait: TaskWait, at index: Int, at moment: Moment) throws(IllegalTransition) {
        self[index].wait = wait
        guard self[index].state == .stopping else {
            self[index].readyAt = wait.until
            hasNewWork = true
            return
        }
        try endWait(at: index, at: moment)
    }

    /// A task that waits is asked to stop: a worker cancels the work outside at once. Without anything to cancel, the attempt ends.
    mutating func endWait(at index: Int, at moment: Moment) throws(IllegalTransition) {
        guard let wait = self[index].wait else { return }
        if wait.needsCancel {
            self[index].readyAt = moment.clock
            hasNewWork = true
        } else {
            try move(index, .stopped, at: moment)
            self[index].wait = nil
            endedAttempts.insert(index)
        }
    }
}
