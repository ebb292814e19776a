import GRDB
import WorkflowModel

/// The statements that name every tree of counts that there can be.
enum CountTrees {
    static let tenants = "SELECT number FROM tenants ORDER BY number"
    static let types = "SELECT tenant, number FROM run_types ORDER BY tenant, name"
}

extension Database {
    /// Counts the runs of a node by the nodes below it, and writes those, split in turn where they hold many.
    ///
    /// Reads the rows as they are now, with all that the transaction has changed.
    func split(_ node: CountNode, of timeline: RunTimeline) throws {
        for var child in try countedNodes(below: node, of: timeline) {
            if child.total > CountNode.splitAbove, child.level.below != nil {
                try split(child, of: timeline)
                child.isSplit = true
            }
            try write(child, of: timeline)
        }
    }

    private func countedNodes(below node: CountNode, of timeline: RunTimeline) throws -> [CountNode] {
        guard let level = node.level.below else { return [] }
        var children: [Int64: CountNode] = [:]
        for state in RunState.allCases {
            // Times come in their order, so that what lies in one child comes together.
            var child = CountNode(level: level, start: 0)
            var span: TimeSpan = 0..<0
            try eachTime(of: timeline, state, in: node.span) { time, end in
                if !span.contains(time) {
                    children.merge(child)
                    span = level.span(around: time)
                    child = CountNode(level: level, start: span.lowerBound)
                }
                child.counts[state] += 1
                if let end { child.widen(to: end) }
            }
            children.merge(child)
        }
        return Array(children.values)
    }

    /// Counts everything anew, from the rows alone.
    func rebuildCounts() throws {
        try change("DELETE FROM run_counts")
        try change("DELETE FROM run_changes")
        for timeline in try timelines() {
            var root = CountNode(level: .everything, start: 0)
            let children = try countedNodes(below: root, of: timeline)
            for child in children { root.add(child) }
            guard root.total > 0 else { continue }
            if root.total > CountNode.splitAbove {
                try split(root, of: timeline)
                root.isSplit = true
            }
            try write(root, of: timeline)
        }
    }

    /// Every timeline that there can be.
    func timelines() throws -> [RunTimeline] {
        let types = try rows(CountTrees.types) { columns in
            (tenant: try columns.next(Int64.self), type: try columns.next(Int64.self))
        }
        let tenants = try rows(CountTrees.tenants) { try $0.next(Int64.self) }
        let all = tenants.map { ($0, nil) } + types.map { ($0.tenant, $0.type) } as [(Int64, Int64?)]
        return all.flatMap { tenant, type in
            RunOrder.allCases.map { RunTimeline(tenant: tenant, type: type, clock: $0) }
        }
    }

    /// Counts the runs of a database that has none of its runs counted, which is what a version before counts left, and
    /// whatever another program has changed since.
    func countRunsIfMissing() throws {
        try inTransaction(.immediate) {
            let hasCounts = try row("SELECT 1 FROM run_counts LIMIT 1") { try $0.next(Int.self) } != nil
            let hasRuns = try row("SELECT 1 FROM runs LIMIT 1") { try $0.next(Int.self) } != nil
            if hasRuns && !hasCounts { try rebuildCounts() } else { try countChanges() }
            return .commit
        }
    }
}

extension [Int64: CountNode] {
    fileprivate mutating func merge(_ node: CountNode) {
        guard node.counts != .zero else { return }
        self[node.start, default: CountNode(level: node.level, start: node.start)].add(node)
    }
}
