/// Where a run and its tasks stand, and the rules of how they go on: what a store loads, lets change, and writes back.
///
/// Both stores decide through this type and nothing else, inside the transaction that changes the rows.
public struct RunProgress: Hashable, Sendable {
    public private(set) var state: RunState
    public private(set) var endedAt: Timestamp?
    public private(set) var error: RunError?
    public private(set) var tasks: [TaskProgress]

    /// Places in ``tasks`` of those that have to be written back.
    public private(set) var changedTasks: Set<Int> = []
    /// Whether the run itself has to be written back.
    public private(set) var hasRunChanged = false
    /// Whether a worker may find something to do that it could not have found before.
    public private(set) var hasNewWork = false

    public init(state: RunState, endedAt: Timestamp? = nil, error: RunError? = nil, tasks: [TaskProgress]) {
        self.state = state
        self.endedAt = endedAt
        self.error = error
        self.tasks = tasks
    }
}

/// Where a task stands, as far as decisions depend on it or follow from it.
public struct TaskProgress: Hashable, Sendable {
    public var id: TaskID
    public var definitionID: String
    public var label: String
    /// Definition ids of the tasks that must succeed first.
    public var needs: [String]
    public var state: TaskState
    public var stateChangedAt: Timestamp
    /// Since when, or from when on, a worker may claim it; nil when none may.
    public var readyAt: Timestamp?
    public var endedAt: Timestamp?
    public var error: RunError?
    public var engineRunID: String?
    public var output: JSONText?
    public var attempt: Int
    /// The fencing token of the newest claim.
    public var token: Int64
    /// Units of its tenant's resources that it uses while it is held, by name.
    public var uses: [String: Int]

    public init(
        id: TaskID, definitionID: String, label: String, needs: [String], state: TaskState, stateChangedAt: Timestamp,
        readyAt: Timestamp? = nil, endedAt: Timestamp? = nil, error: RunError? = nil, engineRunID: String? = nil,
        output: JSONText? = nil, attempt: Int = 0, token: Int64 = 0, uses: [String: Int] = [:]
    ) {
        self.id = id
        self.definitionID = definitionID
        self.label = label
        self.needs = needs
        self.state = state
        self.stateChangedAt = stateChangedAt
        self.readyAt = readyAt
        self.endedAt = endedAt
        self.error = error
        self.engineRunID = engineRunID
        self.output = output
        self.attempt = attempt
        self.token = token
        self.uses = uses
    }
}

extension RunProgress {
    /// A worker takes the task: the attempt is counted, the token raised, the run taken up.
    public mutating func claim(_ task: TaskID, at now: Timestamp) throws(IllegalTransition) {
        guard let index = tasks.firstIndex(where: { $0.id == task }) else { return }
        try move(index, .claimed, at: now)
        tasks[index].readyAt = nil
        tasks[index].attempt += 1
        tasks[index].token += 1
        try happen(.takenUp)
    }

    /// A worker reports of a task that it holds under `lease`.
    ///
    /// A report that was already counted (its answer was lost on the way) is accepted again and changes nothing.
    public mutating func commit(_ event: TaskEvent, under lease: Lease, at now: Timestamp) throws(IllegalTransition)
        -> CommitReceipt
    {
        guard let index = tasks.firstIndex(where: { $0.id == lease.task }), tasks[index].token == lease.token else { return .stale }
        let before = tasks[index].state
        guard before.isHeld else { return event.hasLed(to: before) ? .accepted(before) : .stale }
        if event.hasLed(to: before) { return .accepted(before) }
        try move(index, event.kind, at: now)
        record(event, at: index)
        try follow(from: index, at: now)
        return .accepted(tasks[index].state)
    }

    /// A worker reports several events at once, in their order.
    ///
    /// They are counted together, so when the last one was counted already, all were.
    /// - Returns: what became of the last one.
    public mutating func commit(_ events: [TaskEvent], under lease: Lease, at now: Timestamp) throws(IllegalTransition)
        -> CommitReceipt
    {
        let task = tasks.first { $0.id == lease.task && $0.token == lease.token }
        if let task, let last = events.last, last.hasLed(to: task.state) { return .accepted(task.state) }
        var receipt = CommitReceipt.stale
        for event in events { receipt = try commit(event, under: lease, at: now) }
        return receipt
    }

    /// Somebody asks for a stop: what waits is canceled, what is held is stopping. Harmless when stopping or ended.
    public mutating func stop(at now: Timestamp) throws(IllegalTransition) {
        guard !state.hasEnded, state != .stopping else { return }
        try happen(.stopRequested)
        for index in tasks.indices where !tasks[index].state.hasEnded {
            try move(index, .stopRequested, at: now)
            tasks[index].readyAt = nil
            if tasks[index].state == .canceled { tasks[index].error = .manuallyStopped }
        }
        try settle(at: now)
    }

    private mutating func record(_ event: TaskEvent, at index: Int) {
        switch event {
        case .began, .recording: break
        case .succeeded(let output):
            tasks[index].output = output.values
            tasks[index].engineRunID = output.runID ?? tasks[index].engineRunID
            tasks[index].error = nil
        case .failed(let error, let runID):
            tasks[index].error = error
            tasks[index].engineRunID = runID ?? tasks[index].engineRunID
        case .retrying(let error, let instant, let runID):
            tasks[index].error = error
            tasks[index].engineRunID = runID ?? tasks[index].engineRunID
            if tasks[index].state == .inProgress {
                tasks[index].readyAt = instant
                hasNewWork = true
            }
        case .stopped: break
        }
        if tasks[index].state == .canceled { tasks[index].error = .manuallyStopped }
    }

    /// What the new state of a task means for the others and for the run.
    private mutating func follow(from index: Int, at now: Timestamp) throws(IllegalTransition) {
        switch tasks[index].state {
        case .running: try happen(.taskBegan)
        case .succeeded: try releaseDependents(at: now)
        case .failed:
            if error == nil { error = tasks[index].error?.ofRun(causedBy: tasks[index].label) }
            hasRunChanged = true
            try skipDependents(at: now)
            if tasks.contains(where: { !$0.state.hasEnded }) { try happen(.taskFailed) }
        case .scheduled, .started, .inProgress, .finalizing, .stopping, .canceled, .skipped: break
        }
        try settle(at: now)
    }

    private mutating func releaseDependents(at now: Timestamp) throws(IllegalTransition) {
        let succeeded = Set(tasks.lazy.filter { $0.state == .succeeded }.map(\.definitionID))
        for index in tasks.indices where tasks[index].state == .scheduled && tasks[index].readyAt == nil {
            guard succeeded.isSuperset(of: tasks[index].needs) else { continue }
            tasks[index].readyAt = now
            changedTasks.insert(index)
            hasNewWork = true
        }
    }

    /// What needs a task that will never succeed can no longer run, and neither can what needs that.
    private mutating func skipDependents(at now: Timestamp) throws(IllegalTransition) {
        var lost = Set(tasks.lazy.filter { $0.state == .failed }.map(\.definitionID))
        var found = true
        while found {
            found = false
            for index in tasks.indices where tasks[index].state == .scheduled && !lost.isDisjoint(with: tasks[index].needs) {
                try move(index, .skipped, at: now)
                tasks[index].readyAt = nil
                lost.insert(tasks[index].definitionID)
                found = true
            }
        }
    }

    /// Ends the run when its last task has ended.
    private mutating func settle(at now: Timestamp) throws(IllegalTransition) {
        guard !state.hasEnded, tasks.allSatisfy(\.state.hasEnded) else { return }
        if state == .stopping {
            error = .manuallyStopped
            try happen(.nothingLeft)
        } else if tasks.contains(where: { $0.state == .failed }) {
            try happen(.endedWithFailure)
        } else {
            try happen(.allSucceeded)
        }
        endedAt = now
        hasRunChanged = true
    }

    private mutating func move(_ index: Int, _ event: TaskEventKind, at now: Timestamp) throws(IllegalTransition) {
        let before = tasks[index].state
        let after = try before.applying(event)
        changedTasks.insert(index)
        guard after != before else { return }
        tasks[index].state = after
        tasks[index].stateChangedAt = now
        if after.hasEnded { tasks[index].endedAt = now }
    }

    private mutating func happen(_ event: RunEvent) throws(IllegalTransition) {
        let after = try state.applying(event)
        guard after != state else { return }
        state = after
        hasRunChanged = true
    }
}

extension RunProgress {
    /// What does not follow from the tasks as it should.
    public var disagreements: Set<RunDisagreement> {
        let allEnded = tasks.allSatisfy(\.state.hasEnded)
        if state.hasEnded { return allEnded ? [] : [.endedBeforeTasks] }
        if allEnded { return [.goesOnWithoutTasks] }
        var found: Set<RunDisagreement> = []
        for task in tasks where (task.readyAt != nil) != canBeClaimed(task) {
            found.insert(task.readyAt == nil ? .taskIsStuck : .taskIsReadyTooEarly)
        }
        return found
    }

    /// Puts right what is amendable of ``disagreements``, as if it had happened now.
    public mutating func amend(at now: Timestamp) throws(IllegalTransition) {
        guard !state.hasEnded else { return }
        for index in tasks.indices {
            let isClaimable = canBeClaimed(tasks[index])
            guard (tasks[index].readyAt != nil) != isClaimable else { continue }
            tasks[index].readyAt = isClaimable ? now : nil
            changedTasks.insert(index)
            hasNewWork = hasNewWork || isClaimable
        }
        try settle(at: now)
    }

    private func canBeClaimed(_ task: TaskProgress) -> Bool {
        switch task.state {
        case .inProgress: true
        case .scheduled:
            task.needs.allSatisfy { need in tasks.contains { $0.definitionID == need && $0.state == .succeeded } }
        case .started, .running, .finalizing, .stopping, .canceled, .succeeded, .failed, .skipped: false
        }
    }
}

extension TaskEvent {
    /// Whether a task in that state, of the same claim, may be there because of this very event.
    fileprivate func hasLed(to state: TaskState) -> Bool {
        switch (self, state) {
        case (.began, .running), (.recording, .finalizing), (.succeeded, .succeeded), (.failed, .failed), (.retrying, .inProgress):
            true
        // A stop takes the place of whatever else would have ended the attempt.
        case (.stopped, .canceled), (.succeeded, .canceled), (.failed, .canceled), (.retrying, .canceled): true
        default: false
        }
    }
}

extension RunError {
    /// The error of a run whose task of that label failed for good.
    fileprivate func ofRun(causedBy label: String) -> RunError {
        RunError(attribution: attribution, type: type, message: "\(label): \(message)", data: data)
    }
}
