import GRDB
import StoreCore
import WorkflowModel

/// The statements that list every possible count tree.
enum CountTrees {
    static let tenants = "SELECT number FROM tenants ORDER BY number"
    static let types = "SELECT tenant, number FROM run_types ORDER BY tenant, name"
    static let subjects = "SELECT tenant, number FROM run_subjects ORDER BY number"
}

extension DatabaseConnection {
    /// Counts the runs of a node by its children, and writes those, split in turn where they hold many.
    ///
    /// Reads the current rows, with all changes of the transaction.
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
            // Times come in order, so that the runs of one child follow each other.
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

    /// Rebuilds all counts from the rows: those of subjects from their marks.
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

    /// Every possible timeline.
    func timelines() throws -> [RunTimeline] {
        let types = try rows(CountTrees.types) { columns in
            (tenant: try columns.next(Int.self), type: try columns.next(Int.self))
        }
        let tenants = try rows(CountTrees.tenants) { try $0.next(Int.self) }
        let subjects = try rows(CountTrees.subjects) { columns in
            RunTimeline(tenant: try columns.next(), group: .subject(try columns.next()), clock: .created)
        }
        let all = tenants.map { ($0, RunGroup.all) } + types.map { ($0.tenant, .type($0.type)) }
        return subjects
            + all.flatMap { tenant, group in
                RunClock.allCases.map { RunTimeline(tenant: tenant, group: group, clock: $0) }
            }
    }

    /// Builds the counts of a database that has none, which an earlier version wrote, and applies the changes that another
    /// program has made since.
    func countRunsIfMissing() throws {
        try database.inTransaction(.immediate) {
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
