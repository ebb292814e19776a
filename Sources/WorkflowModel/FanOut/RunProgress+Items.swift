// Groups: tasks that run once for each of several items. The rules need the group and the items that an event touches, and ask for more
// when a group begins or ends.
extension RunProgress {
    /// The task or item at a position. An item has to be loaded.
    public internal(set) subscript(position: Int) -> TaskProgress {
        get {
            guard position >= ItemPlace.first else { return tasks[position] }
            guard let item = items[position] else { preconditionFailure("the item at \(position) is not loaded") }
            return item
        }
        set {
            if position < ItemPlace.first { tasks[position] = newValue } else { items[position] = newValue }
        }
    }

    /// The position of a task, or of a loaded item.
    public func position(of id: TaskID) -> Int? {
        tasks.firstIndex { $0.id == id } ?? items.first { $0.value.id == id }?.key
    }

    /// Where the item with that id is, whether it is loaded or not; nil when the run has no such item.
    public func place(ofItem id: TaskID) -> Int? {
        guard let (group, index) = id.asItem, let position = tasks.firstIndex(where: { $0.id == group }),
            let total = tasks[position].fan?.counts?.total, index < total
        else { return nil }
        return ItemPlace.position(ofItem: index, inGroup: position)
    }

    /// Whether a task or a loaded item is to be ended by its worker.
    public var hasStoppingTasks: Bool {
        tasks.contains { $0.state == .stopping } || items.values.contains { $0.state == .stopping }
    }

    /// Whether this change has asked workers to end items.
    public var hasNewStops: Bool { changedTasks.contains { $0 >= ItemPlace.first && self[$0].state == .stopping } }

    /// The item of a claimed task; nil for a task that runs once.
    public func taskItem(of task: TaskProgress) -> TaskItem? {
        guard let value = task.item, let index = position(of: task.id).flatMap(ItemPlace.index) else { return nil }
        return TaskItem(index: index, value: value)
    }

    /// Adds items that the store has. Loaded ones stay as they are, because they may have changed.
    public mutating func load(_ loaded: [(position: Int, task: TaskProgress)]) {
        for (position, task) in loaded where items[position] == nil { items[position] = task }
    }
}

// MARK: Begin

extension RunProgress {
    /// The needs of a group are met: its list is resolved, or the items of a rerun are released.
    mutating func open(groupAt group: Int, at moment: Moment) {
        guard let fan = tasks[group].fan else { return }
        if fan.counts?.isPrepared == true {
            tasks[group].fan?.counts?.isPrepared = false
            changedTasks.insert(group)
            if fan.counts?.open == 0 { wantedItems.insert(.outputs(group: group)) } else { release(itemsOf: group, at: moment) }
            return
        }
        guard fan.counts == nil else { return }
        if let source = fan.output, let task = task(named: source), task.satisfiesNeeds, output(of: task) == nil { return }
        wantedItems.insert(.list(group: group))
    }

    func task(named source: Reference) -> TaskProgress? {
        tasks.first { $0.definitionID.isIdentical(to: source.name) }
    }

    func list(of group: Int, kept: JSONText?) -> Result<[JSONValue], RunError> {
        guard let source = tasks[group].fan?.output else {
            let subject = tasks[group].fan?.source.map { "`for_each` names \($0.quoted), which" } ?? "`for_each` of the task"
            return ItemList.items(of: kept.flatMap { JSONValue(json: $0.text.utf8) }, from: subject)
        }
        let task = task(named: source)
        let text = task.flatMap { $0.satisfiesNeeds ? $0.output ?? knownOutputs[$0.definitionID] : nil } ?? ResolvedOutputs.none
        do throws(MissingValue) {
            let value = try AttemptValues(outputs: [ExactText(source.name): JSONValue(json: text.text.utf8) ?? .null]).value(
                of: source)
            return ItemList.items(of: value, from: "`for_each` names \(source.quoted), which")
        } catch {
            return .failure(.badItems("The list of items is missing: \(error.sentence)"))
        }
    }

    /// Makes the items of a group, and releases as many as may run at the same time.
    mutating func expand(_ group: Int, keeping list: JSONText?, at moment: Moment) throws(IllegalTransition) {
        guard tasks[group].fan?.counts == nil, !tasks[group].state.hasEnded else { return }
        let values: [JSONValue]
        switch self.list(of: group, kept: list) {
        case .success(let items): values = items
        case .failure(let error):
            try fail(group, with: error, at: moment)
            return
        }
        let others = tasks.reduce(0) { $0 + ($1.fan?.counts?.total ?? 0) }
        guard others + values.count <= FanOutLimits.itemsOfRun else {
            try fail(group, with: .tooManyItems(values.count, besides: others), at: moment)
            return
        }
        var counts = ItemCounts(total: values.count)
        let released = min(tasks[group].fan?.maxParallel ?? values.count, values.count)
        (counts.next, counts.active, counts.latest) = (released, released, moment.recorded)
        for (index, value) in values.enumerated() {
            let position = ItemPlace.position(ofItem: index, inGroup: group)
            let task = tasks[group]
            items[position] = TaskProgress(
                id: task.id.item(index), definitionID: task.definitionID,
                label: ItemList.label(of: value, index, group: task.label), when: task.when, needs: [], state: .scheduled,
                stateChangedAt: moment.recorded, readyAt: index < released ? moment.clock : nil, uses: task.uses,
                item: JSONText(value))
            newItems.insert(position)
            changedTasks.insert(position)
        }
        tasks[group].fan?.counts = counts
        changedTasks.insert(group)
        if released > 0 { hasNewWork = true }
        if values.isEmpty { try succeed(group, with: JSONText(validated: "{\"items\":[]}"), at: moment) }
    }

    /// The first claimed item begins its group.
    mutating func begin(_ group: Int, at moment: Moment) throws(IllegalTransition) {
        guard tasks[group].state == .scheduled || tasks[group].state == .inProgress else { return }
        try move(group, .claimed, at: moment)
        try move(group, .began, at: moment)
        if let counts = tasks[group].fan?.counts, counts.began == nil { tasks[group].fan?.counts?.began = moment.recorded }
    }
}

// MARK: Items

extension RunProgress {
    /// Applies the consequences of an item's new state to its group and the run.
    mutating func follow(fromItemAt position: Int, of group: Int, at moment: Moment) throws(IllegalTransition) {
        switch self[position].state {
        case .running: try happen(.taskBegan)
        case .failed: try happen(.taskFailed)
        case .succeeded, .scheduled, .started, .inProgress, .finalizing, .stopping, .canceled, .skipped: break
        }
        if self[position].state.hasEnded { try end(itemAt: position, of: group, wasActive: true, at: moment) }
        try settle(at: moment)
    }

    /// Counts an item that has ended, and goes on with its group.
    mutating func end(
        itemAt position: Int, of group: Int, wasActive: Bool, at moment: Moment
    ) throws(IllegalTransition) {
        count(itemAt: position, of: group, wasActive: wasActive, at: moment)
        guard let fan = tasks[group].fan, let counts = fan.counts, !tasks[group].state.hasEnded else { return }
        if counts.open == 0 {
            try finish(group, at: moment)
        } else if fan.failsFast, self[position].state == .failed, tasks[group].state != .stopping {
            endOpenItems(of: group, because: .endedByFailFast)
        } else {
            release(itemsOf: group, at: moment)
        }
    }

    mutating func count(itemAt position: Int, of group: Int, wasActive: Bool, at moment: Moment) {
        let state = self[position].state
        if wasActive { tasks[group].fan?.counts?.active -= 1 }
        tasks[group].fan?.counts?.add(1, to: state)
        tasks[group].fan?.counts?.latest = moment.recorded
        changedTasks.insert(group)
    }

    /// Makes as many waiting items claimable as may run beside those that do.
    mutating func release(itemsOf group: Int, at moment: Moment) {
        guard let fan = tasks[group].fan, let counts = fan.counts, tasks[group].state != .stopping, endings[group] == nil,
            !(fan.failsFast && counts.failed > 0)
        else { return }
        var free = min((fan.maxParallel ?? counts.total) - counts.active, counts.waiting)
        guard free > 0 else { return }
        // A retry has just made them wait, so that the store does not know of them yet.
        let places = ItemPlace.positions(ofGroup: group)
        let waiting = items.keys.filter { places.contains($0) && self[$0].waitsForRoom }.sorted()
        for position in waiting.prefix(free) {
            release(itemAt: position, of: group, at: moment)
            free -= 1
        }
        guard free > 0, let next = tasks[group].fan?.counts?.next, next < counts.total else { return }
        wantedItems.insert(.waiting(group: group, from: next, count: free))
    }

    mutating func release(itemAt position: Int, of group: Int, at moment: Moment) {
        self[position].readyAt = moment.clock
        tasks[group].fan?.counts?.active += 1
        if let index = ItemPlace.index(of: position), let next = tasks[group].fan?.counts?.next {
            tasks[group].fan?.counts?.next = max(next, index + 1)
        }
        changedTasks.formUnion([position, group])
        hasNewWork = true
    }

    /// Ends the items that have not ended, as soon as the store has said which these are.
    mutating func endOpenItems(of group: Int, because error: RunError) {
        endings[group] = error
        wantedItems.insert(.open(group: group))
    }

    mutating func stop(itemAt position: Int, of group: Int, because error: RunError, at moment: Moment)
        throws(IllegalTransition)
    {
        guard !self[position].state.hasEnded, self[position].state != .stopping else { return }
        let wasActive = self[position].state.isHeld || self[position].readyAt != nil
        let waitsOutside = self[position].waitsOutside
        try move(position, .stopRequested, at: moment)
        self[position].readyAt = nil
        if waitsOutside { try endWait(at: position, at: moment) }
        guard self[position].state == .canceled else { return }
        self[position].error = error
        count(itemAt: position, of: group, wasActive: wasActive, at: moment)
    }

    /// Why a task or item was canceled after its worker was told to end it.
    func reasonOfStop(at position: Int) -> RunError {
        guard let group = ItemPlace.group(of: position) else { return reasonOfStop(of: tasks[position]) }
        return tasks[group].state == .stopping ? reasonOfStop(of: tasks[group]) : .endedByFailFast
    }

    func reasonOfStop(of task: TaskProgress) -> RunError {
        outlivesStop(task) ? .closingTimeIsOver : .manuallyStopped
    }
}

// MARK: End

extension RunProgress {
    /// All items have ended.
    mutating func finish(_ group: Int, at moment: Moment) throws(IllegalTransition) {
        guard !tasks[group].state.hasEnded, let counts = tasks[group].fan?.counts else { return }
        if tasks[group].state == .stopping {
            try move(group, .stopped, at: moment)
            tasks[group].error = reasonOfStop(at: group)
            // A closing task may wait for it.
            try follow(from: group, at: moment)
        } else if state == .stopping, !outlivesStop(tasks[group]) {
            // None of its items had begun.
            try move(group, .stopRequested, at: moment)
            tasks[group].error = .manuallyStopped
            try follow(from: group, at: moment)
        } else {
            wantedItems.insert(counts.failed + counts.canceled > 0 ? .firstFailure(group: group) : .outputs(group: group))
        }
    }

    mutating func fail(_ group: Int, with error: RunError, at moment: Moment) throws(IllegalTransition) {
        // No worker claims a group. A run of which nothing has begun stays scheduled: it has no slot of its workflow.
        if tasks[group].state == .scheduled || tasks[group].state == .inProgress { try move(group, .claimed, at: moment) }
        tasks[group].error = error
        try move(group, .failed, at: moment)
        try follow(from: group, at: moment)
    }

    mutating func succeed(_ group: Int, with outputs: JSONText, at moment: Moment) throws(IllegalTransition) {
        // An empty list begins no work, so the run stays as it is, and takes no slot of its workflow.
        try begin(group, at: moment)
        tasks[group].error = nil
        tasks[group].output = outputs
        try move(group, .succeeded, at: moment)
        try follow(from: group, at: moment)
    }

    /// The outputs of a group for its dependents: those of its items, in their order.
    func joined(_ stored: ItemOutputs, of group: Int) -> Result<JSONText, RunError> {
        let total = tasks[group].fan?.counts?.total ?? 0
        var (outputs, bytes) = (stored.byIndex, stored.bytes)
        for index in 0..<total {
            guard let output = items[ItemPlace.position(ofItem: index, inGroup: group)]?.output else { continue }
            if stored.byIndex[index] == nil { bytes += output.text.utf8.count }
            outputs[index] = output
        }
        guard bytes <= FanOutLimits.outputBytes else { return .failure(.largeItemOutputs(bytes: bytes)) }
        let texts = (0..<total).map { outputs[$0]?.text ?? ResolvedOutputs.none.text }
        return .success(JSONText(validated: "{\"items\":[\(texts.joined(separator: ","))]}"))
    }
}
