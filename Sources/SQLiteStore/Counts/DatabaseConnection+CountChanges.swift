import StoreCore
import WorkflowModel

/// A change of one timeline at one time.
private struct CountChange {
    var time: Int64
    var counts = StateCounts.zero
    /// When the changed run ended; nil in timelines by end.
    var end: Int64?

    init(time: Int64) {
        self.time = time
    }

    init(time: Int64, adding number: Int64, to state: RunState) {
        self.time = time
        counts[state] = number
    }
}

extension DatabaseConnection {
    /// Applies the transaction's changes to the counts. Called last, right before the commit.
    ///
    /// Triggers record the changes, so that no statement can bypass them. The records are part of the transaction, so that a
    /// rolled back savepoint drops its own. Adding them up here makes a node cost the same for a batch as for one run.
    func countChanges() throws {
        let changes = try takeChanges()
        guard !changes.isEmpty else { return }
        for (timeline, changes) in changes {
            try add(changes.sorted { $0.time < $1.time }[...], to: timeline, .everything)
        }
        try change("DELETE FROM run_changes")
    }

    private func takeChanges() throws -> [RunTimeline: [CountChange]] {
        var changes: [RunTimeline: [CountChange]] = [:]
        let statement = try prepared(
            "SELECT tenant, type, created_at, state_before, ended_before, state_after, ended_after FROM run_changes")
        try statement.forEachRow { columns in
            let (tenant, type, createdAt) = (
                try columns.next(Int.self), try columns.next(Int.self), try columns.next(Int64.self)
            )
            let (stateBefore, endedBefore) = (try columns.next(RunState?.self), try columns.next(Int64?.self))
            let (stateAfter, endedAfter) = (try columns.next(RunState?.self), try columns.next(Int64?.self))
            var creation = CountChange(time: createdAt)
            creation.end = endedAfter
            if let stateBefore { creation.counts[stateBefore] -= 1 }
            if let stateAfter { creation.counts[stateAfter] += 1 }
            for group in [RunGroup.all, .type(type)] {
                changes[RunTimeline(tenant: tenant, group: group, clock: .created), default: []].append(creation)
                let ending = RunTimeline(tenant: tenant, group: group, clock: .ended)
                if let stateBefore, let endedBefore {
                    changes[ending, default: []].append(CountChange(time: endedBefore, adding: -1, to: stateBefore))
                }
                if let stateAfter, let endedAfter {
                    changes[ending, default: []].append(CountChange(time: endedAfter, adding: 1, to: stateAfter))
                }
            }
        }
        return changes
    }

    /// - Parameter changes: those within one node of that level, in order of time.
    private func add(_ changes: ArraySlice<CountChange>, to timeline: RunTimeline, _ level: CountLevel) throws {
        guard let first = changes.first else { return }
        let known = try node(of: timeline, level, around: first.time)
        var node = known ?? CountNode(level: level, start: level.start(around: first.time))
        for change in changes {
            node.counts &+= change.counts
            if let end = change.end { node.widen(to: end) }
        }
        if node.isSplit, let below = level.below {
            var rest = changes
            while let next = rest.first {
                let end = below.span(around: next.time).upperBound
                let part = rest.prefix { $0.time < end }
                try add(part, to: timeline, below)
                rest = rest.dropFirst(part.count)
            }
        }
        guard node.total != 0 else {
            guard known != nil else { return }
            try remove(node, of: timeline)
            return
        }
        if !node.isSplit, node.total > CountNode.splitAbove, level.below != nil {
            try split(node, of: timeline)
            node.isSplit = true
        }
        try write(node, of: timeline)
    }
}
