import GRDB
public import WorkflowModel

extension SQLiteStore {
    public func runCounts(matching filter: RunFilter, of tenant: Tenant, by step: CountStep) async throws -> [RunCount] {
        try await read { database in
            guard let number = try database.number(of: tenant),
                let selection = try RunSelection(filter, tenant: number, in: database)
            else { return [] }
            var steps = CountedSteps(step: step)
            if let root = try database.node(of: selection.timeline, .everything, around: 0) {
                try database.count(selection, in: root, into: &steps)
            }
            return steps.counts.reversed()
        }
    }
}

/// Steps that hold something, the newest first.
struct CountedSteps {
    let step: CountStep
    private(set) var counts: [RunCount] = []

    init(step: CountStep) {
        self.step = step
    }

    var isFull: Bool { counts.count == RunCount.mostSteps }

    fileprivate mutating func append(_ start: Int64, _ counts: StateCounts) {
        guard !isFull, counts != .zero else { return }
        self.counts.append(RunCount(start: Timestamp(milliseconds: start), byState: counts.byState))
    }
}

extension Database {
    /// Adds the steps of a node, newest first, until there are enough.
    fileprivate func count(_ selection: RunSelection, in node: CountNode, into steps: inout CountedSteps) throws {
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
}
