/// The state of a run and its tasks, and the rules of their transitions: a store loads it, lets it decide, and writes it back.
///
/// Both stores decide through this type only, inside the transaction that changes the rows.
public struct RunProgress: Hashable, Sendable {
    public let createdAt: Timestamp
    public private(set) var state: RunState
    public private(set) var endedAt: Timestamp?
    public internal(set) var error: RunError?
    /// The number of warnings of its tasks.
    public private(set) var warnings: Int
    /// The tasks of the configuration, in its order. The items of groups are not among them.
    public internal(set) var tasks: [TaskProgress]
    /// The items of groups, by position, as far as they were loaded: those that the event is about, and those that a decision asked for.
    public internal(set) var items: [Int: TaskProgress] = [:]
    /// How long closing tasks may run after a stop; nil in a run without closing tasks.
    public let afterStop: Duration?

    /// Positions of the tasks and items to write back.
    public internal(set) var changedTasks: Set<Int> = []
    /// Those of ``changedTasks`` that the store does not have yet: items of lists that were just resolved.
    public internal(set) var newItems: Set<Int> = []
    /// Whether the run itself has to be written back.
    public internal(set) var hasRunChanged = false
    /// Whether a worker may find new work.
    public internal(set) var hasNewWork = false
    /// Positions in ``tasks`` of the tasks whose attempt ended without the report of a worker.
    public internal(set) var endedAttempts: Set<Int> = []
    /// The change of the time until which closing tasks may run; nil for none.
    public internal(set) var closingDeadline: ClosingDeadlineChange?
    /// Outputs of ended tasks that conditions name, by definition id, as far as they were asked for.
    var knownOutputs: [String: JSONText] = [:]
    /// The definition ids of ended tasks whose outputs a condition needs. The store answers with ``learn(_:at:)``.
    public internal(set) var wantedOutputs: Set<String> = []
    /// Questions that a decision about groups has. The store answers with ``learn(_:at:)-(ItemAnswers,_)``.
    public internal(set) var wantedItems: Set<ItemRequest> = []
    /// Why the open items of groups are ended, until the store has answered which these are.
    var endings: [Int: RunError] = [:]
    /// The clock at the last change. It is before ``endedAt`` when the clock was set back; due times follow this clock.
    public private(set) var changedAt: Timestamp?

    public init(
        createdAt: Timestamp, state: RunState, endedAt: Timestamp? = nil, error: RunError? = nil, warnings: Int = 0,
        afterStop: Duration? = nil, tasks: [TaskProgress]
    ) {
        self.createdAt = createdAt
        self.state = state
        self.endedAt = endedAt
        self.error = error
        self.warnings = warnings
        self.afterStop = afterStop
        self.tasks = tasks
    }
}

/// The state of a task, with the data that decisions depend on or change.
public struct TaskProgress: Hashable, Sendable {
    public var id: TaskID
    public var definitionID: String
    public var label: String
    public var when: TaskCondition
    /// Definition ids of the tasks that must succeed first, or end first when it is a closing task.
    public var needs: [String]
    /// Its condition; nil when it runs without one.
    public var gate: TaskGate?
    /// The work outside that its attempt waits for, or that a worker checks right now; nil for other attempts.
    public var wait: TaskWait?
    public var state: TaskState
    public var stateChangedAt: Timestamp
    /// When a worker may claim it; nil when none may.
    public var readyAt: Timestamp?
    public var endedAt: Timestamp?
    public var error: RunError?
    public var engineRunID: String?
    public var output: JSONText?
    /// How a person settled it: ``Resolution/skip`` or ``Resolution/succeed``; nil for other tasks.
    public var resolution: Resolution?
    public var warnings: TaskWarnings
    public var attempt: Int
    /// The fencing token of the latest claim.
    public var token: Int64
    /// Units of the tenant's resources held while it runs, by name.
    public var uses: [String: Int]
    /// That of a group; nil for other tasks.
    public var fan: FanOut?
    /// The value of an item, where it is needed; nil for tasks that are no items.
    public var item: JSONText?

    public init(
        id: TaskID, definitionID: String, label: String, when: TaskCondition = .success, needs: [String], state: TaskState,
        stateChangedAt: Timestamp, readyAt: Timestamp? = nil, endedAt: Timestamp? = nil, error: RunError? = nil,
        engineRunID: String? = nil,
        output: JSONText? = nil, warnings: TaskWarnings = TaskWarnings(), attempt: Int = 0, token: Int64 = 0,
        uses: [String: Int] = [:], resolution: Resolution? = nil, gate: TaskGate? = nil,
        wait: TaskWait? = nil, fan: FanOut? = nil, item: JSONText? = nil
    ) {
        self.id = id
        self.definitionID = definitionID
        self.label = label
        self.when = when
        self.needs = needs
        self.state = state
        self.stateChangedAt = stateChangedAt
        self.readyAt = readyAt
        self.endedAt = endedAt
        self.error = error
        self.engineRunID = engineRunID
        self.output = output
        self.warnings = warnings
        self.attempt = attempt
        self.token = token
        self.uses = uses
        self.resolution = resolution
        self.gate = gate
        self.fan = fan
        self.item = item
        self.wait = wait
    }
}

extension TaskProgress {
    /// How the newest attempt ended, once it has: an attempt that another one follows has failed.
    package var attemptOutcome: TaskState { state.hasEnded ? state : .failed }
}

extension RunProgress {
    /// The time of a change: by the clock, and as it is recorded.
    ///
    /// The clock can be set back during a run. No change is recorded earlier than the changes before it, so that nothing ends
    /// before it begins. Due times (a retry, a released task) follow the clock, or they would wait until it reaches its old value
    /// again.
    struct Moment {
        var clock: Timestamp
        var recorded: Timestamp
    }

    mutating func moment(of now: Timestamp) -> Moment {
        changedAt = now
        var recorded = tasks.reduce(max(now, createdAt)) { max($0, $1.stateChangedAt, $1.fan?.counts?.latest ?? createdAt) }
        for item in items.values { recorded = max(recorded, item.stateChangedAt) }
        return Moment(clock: now, recorded: recorded)
    }

    /// A worker claims the task: counts the attempt, raises the token, starts the run. With a task that waits for work outside, it goes on
    /// with the same attempt.
    public mutating func claim(_ task: TaskID, at now: Timestamp) throws(IllegalTransition) {
        guard let index = position(of: task) else { return }
        guard !self[index].isHeld else {
            throw IllegalTransition(state: self[index].state.state, event: TaskEventKind.claimed.rawValue)
        }
        let moment = moment(of: now)
        if !self[index].waitsOutside { self[index].attempt += 1 }
        try move(index, .claimed, at: moment)
        self[index].readyAt = nil
        self[index].token += 1
        let isFirst = state == .scheduled
        try happen(.taskClaimed)
        // A list of items may have failed before the run began.
        if isFirst, tasks.contains(where: { $0.state == .failed }) { try happen(.taskFailed) }
        if let group = ItemPlace.group(of: index) { try begin(group, at: moment) }
    }

    /// A worker reports an event of a task that it holds under `lease`.
    ///
    /// A repeated report, whose first answer was lost, is accepted again and changes nothing.
    public mutating func commit(_ event: TaskEvent, under lease: Lease, at now: Timestamp) throws(IllegalTransition)
        -> CommitReceipt
    {
        guard let index = position(of: lease.task), self[index].token == lease.token else { return .stale }
        let before = self[index]
        if event.hasLed(to: before) { return .accepted(before.state) }
        guard before.isHeld else { return .stale }
        let moment = moment(of: now)
        try move(index, event.kind, at: moment)
        try record(event, at: index, at: moment)
        if let group = ItemPlace.group(of: index) {
            try follow(fromItemAt: index, of: group, at: moment)
        } else {
            try follow(from: index, at: moment)
        }
        return .accepted(self[index].state)
    }

    /// A worker reports several events at once, in their order.
    ///
    /// They are applied together, so if the last one was applied already, all were.
    /// - Returns: the receipt of the last event.
    public mutating func commit(_ events: [TaskEvent], under lease: Lease, at now: Timestamp) throws(IllegalTransition)
        -> CommitReceipt
    {
        let task = position(of: lease.task).map { self[$0] }
        if let task, task.token == lease.token, let last = events.last, last.hasLed(to: task) { return .accepted(task.state) }
        var receipt = CommitReceipt.stale
        for event in events { receipt = try commit(event, under: lease, at: now) }
        return receipt
    }

    /// A stop request: waiting tasks are canceled, running tasks are stopping, closing tasks go on until a deadline. No effect on a run
    /// that is stopping or has ended.
    public mutating func stop(at now: Timestamp) throws(IllegalTransition) {
        guard canBeStopped else { return }
        try happen(.stopRequested)
        let moment = moment(of: now)
        for index in tasks.indices where !tasks[index].state.hasEnded && !outlivesStop(tasks[index]) {
            try stopTask(at: index, with: .manuallyStopped, at: moment)
        }
        try advanceClosingTasks(at: moment)
        setClosingDeadline(at: moment)
        try settle(at: moment)
    }

    mutating func stopTask(at index: Int, with error: RunError, at moment: Moment) throws(IllegalTransition) {
        if let counts = tasks[index].fan?.counts, counts.open > 0 {
            // A group ends with its items.
            if tasks[index].state == .running { try move(index, .stopRequested, at: moment) }
            endOpenItems(of: index, because: error)
            return
        }
        let waitsOutside = tasks[index].waitsOutside
        try move(index, .stopRequested, at: moment)
        tasks[index].readyAt = nil
        if waitsOutside { try endWait(at: index, at: moment) }
        if tasks[index].state == .canceled { tasks[index].error = error }
    }

    /// Whether a stop request has an effect.
    public var canBeStopped: Bool { !state.hasEnded && state != .stopping }

    private mutating func record(_ event: TaskEvent, at index: Int, at moment: Moment) throws(IllegalTransition) {
        if event.endsAttempt { self[index].wait = nil }
        switch event {
        case .began, .recording: break
        case .succeeded(let output):
            self[index].engineRunID = output.runID ?? self[index].engineRunID
            self[index].error = nil
            // After a stop request, the task is canceled: closing tasks get no outputs of it.
            guard self[index].state == .succeeded else { break }
            self[index].output = output.values
            add(output.warnings, toTaskAt: index)
        case .failed(let error, let runID):
            self[index].error = error
            self[index].engineRunID = runID ?? self[index].engineRunID
        case .retrying(let error, let instant, let runID):
            self[index].error = error
            self[index].engineRunID = runID ?? self[index].engineRunID
            if self[index].state == .inProgress {
                self[index].readyAt = instant
                hasNewWork = true
            }
        case .waiting(let wait, let runID):
            self[index].engineRunID = runID ?? self[index].engineRunID
            try beginWait(wait, at: index, at: moment)
        case .stopped: break
        }
        if self[index].state == .canceled {
            self[index].error = reasonOfStop(at: index)
        }
    }

    private mutating func add(_ warnings: TaskWarnings, toTaskAt index: Int) {
        guard !warnings.isEmpty else { return }
        self[index].warnings = warnings
        self.warnings += warnings.count
        hasRunChanged = true
    }

    /// Applies the consequences of a task's new state to other tasks and the run.
    mutating func follow(from index: Int, at moment: Moment) throws(IllegalTransition) {
        switch tasks[index].state {
        case .running: try happen(.taskBegan)
        case .succeeded: try releaseDependents(at: moment)
        case .failed:
            if error == nil, state != .stopping { error = tasks[index].error?.ofRun(causedBy: tasks[index].label) }
            hasRunChanged = true
            try skipDependents(at: moment)
            if state != .scheduled, tasks.contains(where: { !$0.state.hasEnded }) { try happen(.taskFailed) }
        case .scheduled, .started, .inProgress, .finalizing, .stopping, .canceled, .skipped: break
        }
        if tasks[index].state.hasEnded { try advanceClosingTasks(at: moment) }
        try settle(at: moment)
    }

    mutating func releaseDependents(at moment: Moment) throws(IllegalTransition) {
        var satisfied = Set(tasks.lazy.filter(\.satisfiesNeeds).map(\.definitionID))
        // A task whose condition is false may be the last one that another task waits for.
        var found = true
        while found {
            found = false
            for index in tasks.indices where tasks[index].isWaiting && !tasks[index].when.isClosing {
                guard satisfied.isSuperset(of: tasks[index].needs) else { continue }
                if try release(index, at: moment) {
                    satisfied.insert(tasks[index].definitionID)
                    found = true
                }
            }
        }
    }

    /// Skips all direct and indirect dependents of tasks that will never succeed, except closing tasks.
    private mutating func skipDependents(at moment: Moment) throws(IllegalTransition) {
        var lost = Set(tasks.lazy.filter { $0.state == .failed }.map(\.definitionID))
        var found = true
        while found {
            found = false
            for index in tasks.indices
            where tasks[index].state == .scheduled && !tasks[index].when.isClosing && !lost.isDisjoint(with: tasks[index].needs) {
                try move(index, .skipped, at: moment)
                tasks[index].readyAt = nil
                lost.insert(tasks[index].definitionID)
                found = true
            }
        }
    }

    /// Ends the run when its last task has ended.
    mutating func settle(at moment: Moment) throws(IllegalTransition) {
        guard !state.hasEnded, tasks.allSatisfy(\.state.hasEnded) else { return }
        if state == .stopping {
            error = .manuallyStopped
            if afterStop != nil { closingDeadline = .removed }
            try happen(.allStopped)
        } else if tasks.contains(where: { $0.state == .failed }) {
            try happen(.endedWithFailure)
        } else {
            try happen(.allSucceeded)
        }
        endedAt = moment.recorded
        hasRunChanged = true
    }

    mutating func move(_ index: Int, _ event: TaskEventKind, at moment: Moment) throws(IllegalTransition) {
        let before = self[index].state
        let after = try before.applying(event)
        changedTasks.insert(index)
        guard after != before else { return }
        self[index].state = after
        self[index].stateChangedAt = moment.recorded
        if after.hasEnded { self[index].endedAt = moment.recorded }
    }

    mutating func happen(_ event: RunEvent) throws(IllegalTransition) {
        let after = try state.applying(event)
        guard after != state else { return }
        state = after
        hasRunChanged = true
    }
}

extension TaskEvent {
    /// Whether a task of the same claim can be in its state because of this event.
    fileprivate func hasLed(to task: TaskProgress) -> Bool {
        switch (self, task.state) {
        case (.waiting, .running), (.waiting, .stopping): task.waitsOutside
        case (.began, .running), (.recording, .finalizing), (.succeeded, .succeeded), (.failed, .failed), (.retrying, .inProgress):
            true
        // A stop replaces any other end of the attempt.
        case (.stopped, .canceled), (.succeeded, .canceled), (.failed, .canceled), (.retrying, .canceled),
            (.waiting, .canceled):
            true
        default: false
        }
    }
}

extension RunError {
    /// The error of a run whose task with that label failed for good.
    func ofRun(causedBy label: String) -> RunError {
        RunError(attribution: attribution, type: type, message: "\(label): \(message)", data: data)
    }
}
