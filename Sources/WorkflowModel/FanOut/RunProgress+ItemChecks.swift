/// The items of a group as they are stored.
public struct ItemTally: Hashable, Sendable {
    public var byState: [TaskState: Int] = [:]
    /// Those that no worker can claim, and that have not ended.
    public var waiting = 0

    public init() {}
}

extension RunProgress {
    /// Corrects the counts of a group that goes on.
    /// - Returns: whether they were wrong.
    package mutating func recount(itemsOf group: Int, as tally: ItemTally) -> Bool {
        guard let counts = tasks[group].fan?.counts, !tasks[group].state.hasEnded else { return false }
        var right = counts
        func number(_ state: TaskState) -> Int { tally.byState[state] ?? 0 }
        right.total = tally.byState.values.reduce(0, +)
        (right.succeeded, right.failed) = (number(.succeeded), number(.failed))
        (right.canceled, right.skipped) = (number(.canceled), number(.skipped))
        right.active = right.open - tally.waiting
        guard right != counts else { return false }
        right.next = 0
        tasks[group].fan?.counts = right
        changedTasks.insert(group)
        return true
    }

    /// Whether nothing would ever go on with a group.
    func isStuck(groupAt group: Int) -> Bool {
        let task = tasks[group]
        guard let fan = task.fan, !task.state.hasEnded else { return false }
        guard let counts = fan.counts, !counts.isPrepared else { return task.state != .stopping && canBeClaimed(task) }
        if counts.open == 0 { return true }
        return counts.active == 0 && task.state != .stopping && !(fan.failsFast && counts.failed > 0)
    }

    /// Goes on with a group that is stuck.
    mutating func advance(groupAt group: Int, at moment: Moment) throws(IllegalTransition) {
        guard let counts = tasks[group].fan?.counts, !counts.isPrepared else {
            if tasks[group].gate == nil { open(groupAt: group, at: moment) }
            return
        }
        if counts.open == 0 {
            try finish(group, at: moment)
        } else {
            tasks[group].fan?.counts?.next = 0
            release(itemsOf: group, at: moment)
        }
    }
}
