// Groups go on with the answers to their requests, and with the decisions of persons.

// MARK: Answers

extension RunProgress {
    /// Goes on with the answers to ``wantedItems``.
    public mutating func learn(_ answers: ItemAnswers, at now: Timestamp) throws(IllegalTransition) {
        let requests = wantedItems.sorted { ($0.group, $0.rank) < ($1.group, $1.rank) }
        wantedItems = []
        let moment = moment(of: now)
        for request in requests { try learn(request, answers, at: moment) }
        try decideGates(at: moment)
    }

    mutating func learn(_ request: ItemRequest, _ answers: ItemAnswers, at moment: Moment) throws(IllegalTransition) {
        let found = answers.items[request] ?? []
        load(found)
        switch request {
        case .list(let group): try expand(group, keeping: answers.lists[request], at: moment)
        case .waiting(let group, _, let count):
            for (position, _) in found where self[position].waitsForRoom { release(itemAt: position, of: group, at: moment) }
            if found.count < count, let total = tasks[group].fan?.counts?.total { tasks[group].fan?.counts?.next = total }
        case .open(let group):
            guard let reason = endings.removeValue(forKey: group) else { return }
            let places = ItemPlace.positions(ofGroup: group)
            for position in items.keys.filter(places.contains).sorted() {
                try stop(itemAt: position, of: group, because: reason, at: moment)
            }
            if tasks[group].fan?.counts?.open == 0 { try finish(group, at: moment) }
        case .unsuccessful(let group): try retryItems(of: group, at: moment)
        case .firstFailure(let group):
            guard let counts = tasks[group].fan?.counts, !tasks[group].state.hasEnded else { return }
            let first = firstFailure(of: group, stored: answers.failures[request])
            try fail(group, with: .failedItems(counts, first), at: moment)
        case .outputs(let group):
            guard !tasks[group].state.hasEnded else { return }
            switch joined(answers.outputs[request] ?? ItemOutputs(byIndex: [:], bytes: 0), of: group) {
            case .success(let outputs): try succeed(group, with: outputs, at: moment)
            case .failure(let error): try fail(group, with: error, at: moment)
            }
        }
    }

    /// The stored one, or one that has failed in this change: the first of those that are the customer's fault, otherwise the first.
    func firstFailure(of group: Int, stored: FailedItem?) -> FailedItem? {
        let places = ItemPlace.positions(ofGroup: group)
        var candidates = items.filter { places.contains($0.key) && $0.value.state == .failed }.compactMap { position, task in
            task.error.flatMap { error in ItemPlace.index(of: position).map { FailedItem(index: $0, error: error) } }
        }
        // A loaded item counts as it is now.
        if let stored, items[ItemPlace.position(ofItem: stored.index, inGroup: group)] == nil { candidates.append(stored) }
        return candidates.min {
            ($0.error.attribution == .customer ? 0 : 1, $0.index) < ($1.error.attribution == .customer ? 0 : 1, $1.index)
        }
    }

    /// The items of a failed group that did not succeed are attempted once more.
    mutating func retryItems(of group: Int, at moment: Moment) throws(IllegalTransition) {
        let places = ItemPlace.positions(ofGroup: group)
        for position in items.keys.filter(places.contains).sorted()
        where self[position].state == .failed || self[position].state == .canceled {
            try move(position, .retryRequested, at: moment)
            self[position].token += 1
            self[position].readyAt = nil
            self[position].endedAt = nil
        }
        tasks[group].fan?.counts?.failed = 0
        tasks[group].fan?.counts?.canceled = 0
        tasks[group].fan?.counts?.next = 0
        changedTasks.insert(group)
        try endFailures()
        if tasks[group].fan?.counts?.open == 0 { try finish(group, at: moment) } else { release(itemsOf: group, at: moment) }
    }
}

// MARK: Decisions of persons

extension RunProgress {
    /// Whether a person can settle a task or item.
    func canBeResolved(at position: Int) -> Bool {
        let task = self[position]
        guard let group = ItemPlace.group(of: position) else {
            // The items of a group that goes on are settled, not the group.
            return task.fan == nil ? task.state.canBeResolved : task.state == .failed
        }
        switch tasks[group].state {
        case .scheduled, .started, .inProgress, .running, .failed: return task.state.canBeResolved
        case .finalizing, .stopping, .canceled, .succeeded, .skipped: return false
        }
    }

    /// A person wants another attempt at a group: at its items that did not succeed, or at its list.
    mutating func retry(groupAt group: Int, at moment: Moment) {
        tasks[group].endedAt = nil
        if tasks[group].fan?.counts == nil {
            open(groupAt: group, at: moment)
        } else {
            wantedItems.insert(.unsuccessful(group: group))
        }
    }

    /// A person has settled an item. A group that had failed goes on.
    /// - Parameter before: the item before the decision.
    mutating func follow(
        resolvedItemAt position: Int, from before: TaskProgress, at moment: Moment
    ) throws(IllegalTransition) {
        guard let group = ItemPlace.group(of: position) else { return }
        let wasActive = before.state == .inProgress && before.readyAt != nil
        if before.state == .failed { tasks[group].fan?.counts?.failed -= 1 }
        if self[position].state.hasEnded {
            count(itemAt: position, of: group, wasActive: wasActive, at: moment)
        } else if !wasActive {
            tasks[group].fan?.counts?.active += 1
            changedTasks.insert(group)
        }
        if tasks[group].state == .failed {
            try move(group, .retryRequested, at: moment)
            tasks[group].endedAt = nil
            tasks[group].error = nil
        }
        if tasks[group].fan?.counts?.open == 0 { try finish(group, at: moment) } else { release(itemsOf: group, at: moment) }
    }

    /// The run has no failures any longer, once persons have settled all of them.
    mutating func endFailures() throws(IllegalTransition) {
        let fails = tasks.contains { $0.state == .failed || (!$0.state.hasEnded && ($0.fan?.counts?.failed ?? 0) > 0) }
        if state == .runningWithFailures, !fails { try happen(.failuresResolved) }
    }
}

extension ItemRequest {
    /// The order in which answers are taken.
    fileprivate var rank: Int {
        switch self {
        case .list: 0
        case .open: 1
        case .unsuccessful: 2
        case .waiting: 3
        case .firstFailure: 4
        case .outputs: 5
        }
    }
}

extension TaskProgress {
    /// Whether it is an item that `max_parallel` holds back.
    var waitsForRoom: Bool { readyAt == nil && (state == .scheduled || state == .inProgress) }
}
