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

/// Changes of counts, by the timeline of the runs. Adding them up first makes a node cost the same for many runs as for one.
struct CountChanges {
    fileprivate private(set) var byTimeline: [RunTimeline: [CountChange]] = [:]

    /// - Parameter number: 1 to count a filed run under a subject, -1 to count it no longer.
    mutating func add(_ number: Int64, of run: FiledRun, under subject: Int) {
        var change = CountChange(time: run.createdAt, adding: number, to: run.state)
        change.end = run.endedAt
        add(change, to: RunTimeline(tenant: run.tenant, group: .subject(subject), clock: .created))
    }

    fileprivate mutating func add(_ change: CountChange, to timeline: RunTimeline) {
        byTimeline[timeline, default: []].append(change)
    }
}

extension DatabaseConnection {
    /// Applies the transaction's changes to the counts. Called last, right before the commit.
    ///
    /// Triggers record the changes, so that no statement can bypass them. The records are part of the transaction, so that a
    /// rolled back savepoint drops its own.
    func countChanges() throws {
        let changes = try takeChanges()
        guard !changes.byTimeline.isEmpty else { return }
        try apply(changes)
        try change("DELETE FROM run_changes")
    }

    /// The rows that the changes are about must be written before: a node that has become too large is counted anew from them.
    func apply(_ changes: CountChanges) throws {
        for (timeline, changes) in changes.byTimeline {
            try add(changes.sorted { $0.time < $1.time }[...], to: timeline, .everything)
        }
    }

    private func takeChanges() throws -> CountChanges {
        var changes = CountChanges()
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
                changes.add(creation, to: RunTimeline(tenant: tenant, group: group, clock: .created))
                let ending = RunTimeline(tenant: tenant, group: group, clock: .ended)
                if let stateBefore, let endedBefore {
                    changes.add(CountChange(time: endedBefore, adding: -1, to: stateBefore), to: ending)
                }
                if let stateAfter, let endedAfter {
                    changes.add(CountChange(time: endedAfter, adding: 1, to: stateAfter), to: ending)
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
