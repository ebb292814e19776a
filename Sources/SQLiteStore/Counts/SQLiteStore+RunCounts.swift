import StoreCore
public import WorkflowModel

extension SQLiteStore {
    public func runCounts(matching query: RunCountQuery) async throws -> RunCounts {
        try await read(as: query.filter.hasAddedConditions ? .search : .small) { [time] database in
            guard let number = try database.number(of: query.tenant),
                let filter = try NumberedFilter(query.filter, tenant: number, database: database)
            else { return RunCounts() }
            let types: [Int?]? =
                filter.types == .any ? [nil] : try database.types(of: filter.types, in: number, limit: RunWalks.most)
            guard let types, !filter.filter.hasAddedConditions else {
                if let kept = try database.subjectSteps(of: filter, for: query, time: time) { return kept }
                return try database.searchedCounts(of: filter, for: query, time: time)
            }
            let parts = try types.map { type in
                try database.counts(of: RunSelection(filter, type: type, by: filter.clock), by: query.step)
            }
            return RunCounts(CountedSteps(parts, by: query.step).oldestFirst)
        }
    }
}

/// Steps that have runs, newest first.
struct CountedSteps {
    let step: CountStep
    private var counts: [(start: Int64, counts: StateCounts)] = []

    init(step: CountStep) {
        self.step = step
    }

    /// The sums of several counts. Each of these has its newest steps, so that the newest of all are complete.
    fileprivate init(_ parts: [CountedSteps], by step: CountStep) {
        self.step = step
        var sums: [Int64: StateCounts] = [:]
        for part in parts { for (start, counts) in part.counts { sums[start, default: .zero] &+= counts } }
        for start in sums.keys.sorted(by: >) { append(start, sums[start] ?? .zero) }
    }

    var isFull: Bool { counts.count == RunCount.mostSteps }

    fileprivate var oldestFirst: [RunCount] {
        counts.reversed().map { RunCount(start: Timestamp(milliseconds: $0.start), byState: $0.counts.byState) }
    }

    fileprivate mutating func append(_ start: Int64, _ counts: StateCounts) {
        guard !isFull, counts != .zero else { return }
        self.counts.append((start, counts))
    }
}

extension DatabaseConnection {
    /// The counts of a single dimension's runs by their creation; nil for other filters, and where a budget is not enough for the runs
    /// that are not filed.
    fileprivate func subjectSteps(of filter: NumberedFilter, for query: RunCountQuery, time: any TimeSource) throws -> RunCounts? {
        guard filter.clock == .created, let subjects = filter.filter.onlySubjects, subjects.partial.isEmpty,
            try FilingState(self).isUsable
        else { return nil }
        var parts: [CountedSteps] = []
        for subject in subjects.whole {
            guard let number = try number(of: subject, in: filter.tenant) else { continue }
            parts.append(try counts(of: RunSelection(filter, of: .subject(number), by: .created), by: query.step))
        }
        let others = try searchedCounts(try RunWalks(unfiled: filter, in: self), for: query, time: time)
        guard others.isComplete else { return nil }
        return RunCounts(CountedSteps(parts + [others.steps], by: query.step).oldestFirst)
    }

    fileprivate func counts(of selection: RunSelection, by step: CountStep) throws -> CountedSteps {
        var steps = CountedSteps(step: step)
        if let root = try node(of: selection.timeline, .everything, around: 0) { try count(selection, in: root, into: &steps) }
        return steps
    }

    /// Adds the steps of a node, newest first, until there are enough.
    private func count(_ selection: RunSelection, in node: CountNode, into steps: inout CountedSteps) throws {
        let part = selection.span.clamped(to: node.span)
        guard !steps.isFull, !part.isEmpty, selection.match(node) != .nothing else { return }
        if node.level == steps.step.level {
            steps.append(node.start, try tally(selection, in: node).only(selection.states))
        } else if node.isSplit {
            for child in try nodes(below: node, of: selection.timeline, touching: part, newestFirst: true) {
                try count(selection, in: child, into: &steps)
            }
        } else {
            var counts: [Int64: StateCounts] = [:]
            let level = steps.step.level
            for state in selection.states where node.counts[state] != 0 {
                try eachTime(of: selection.timeline, state, in: part, ended: selection.ended) { time, _ in
                    counts[level.start(around: time), default: .zero][state] += 1
                }
            }
            for start in counts.keys.sorted(by: >) { steps.append(start, counts[start] ?? .zero) }
        }
    }

    /// The counts of a filter that no kept counts know, run by run. When the budget is used up, older runs are missing.
    fileprivate func searchedCounts(
        of filter: NumberedFilter, for query: RunCountQuery, time: any TimeSource
    ) throws -> RunCounts {
        let walks = try RunWalks(filter, reading: RunReading(all: filter.filter.sortKey), in: self)
        let counted = try searchedCounts(walks, for: query, time: time)
        return RunCounts(counted.steps.oldestFirst, isComplete: counted.isComplete)
    }

    private func searchedCounts(
        _ walks: RunWalks, for query: RunCountQuery, time: any TimeSource
    ) throws -> (steps: CountedSteps, isComplete: Bool) {
        var search = BudgetedSearch(walks, within: query.budget, time: time, database: self)
        var steps = CountedSteps(step: query.step)
        var (start, counts) = (Int64.min, StateCounts.zero)
        // Times come in order, so that the runs of one step follow each other.
        try search.forEachMatch("r.state") { time, row in
            let next = query.step.level.start(around: time)
            if next != start {
                steps.append(start, counts)
                (start, counts) = (next, .zero)
            }
            counts[try row.next(RunState.self)] += 1
            return !steps.isFull
        }
        steps.append(start, counts)
        return (steps, search.stop == nil)
    }
}
