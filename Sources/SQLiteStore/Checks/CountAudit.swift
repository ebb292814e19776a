import GRDB
import WorkflowModel

/// Holds the kept counts against the rows, tree by tree: every run is read once for each tree that it is in.
struct CountAudit {
    static let uncounted = "SELECT count(*) FROM run_changes"
    static let trees = "SELECT tenant, type, count(*) FROM run_counts GROUP BY tenant, type"

    /// Nodes that say something wrong, are missing or should not be there.
    private(set) var wrongNodes = 0

    init(_ database: Database) throws {
        wrongNodes += try database.row(Self.uncounted) { try $0.next(Int.self) } ?? 0
        let timelines = try database.timelines()
        for timeline in timelines { try audit(timeline, in: database) }
        wrongNodes += try strayNodes(outside: timelines, in: database)
    }

    private mutating func audit(_ timeline: RunTimeline, in database: Database) throws {
        let kept = try database.nodes(of: timeline)
        // Those that hang together with the root; a child of a node that is not split is nobody's.
        var nodes: [CountLevel: [Int64: CountNode]] = [:]
        for node in kept {
            let parent = node.level.above.flatMap { nodes[$0]?[$0.start(around: node.start)] }
            let isAligned = node.level.start(around: node.start) == node.start
            if isAligned, node.level == .everything || parent?.isSplit == true {
                nodes[node.level, default: [:]][node.start] = node
            } else {
                wrongNodes += 1
            }
        }
        let counted = try countedNodes(like: nodes, of: timeline, in: database)
        for (level, counted) in counted {
            for (start, node) in counted where nodes[level]?[start].map({ !$0.agrees(with: node) }) ?? true { wrongNodes += 1 }
        }
        for (level, nodes) in nodes {
            for start in nodes.keys where counted[level]?[start] == nil { wrongNodes += 1 }
        }
    }

    /// The nodes as the rows say they are: for each run those from the root down to one that is not split.
    private func countedNodes(
        like nodes: [CountLevel: [Int64: CountNode]], of timeline: RunTimeline, in database: Database
    ) throws -> [CountLevel: [Int64: CountNode]] {
        var counted: [CountLevel: [Int64: CountNode]] = [:]
        for state in RunState.allCases {
            // Times come in their order, so that what lies in one leaf comes together.
            var leaf = CountNode(level: .everything, start: 0)
            var span: TimeSpan = 0..<0
            func close() {
                guard leaf.counts != .zero else { return }
                var level: CountLevel? = leaf.level
                while let current = level {
                    let start = current.start(around: leaf.start(within: span))
                    counted[current, default: [:]][start, default: CountNode(level: current, start: start)].add(leaf)
                    level = current.above
                }
            }
            try database.eachTime(of: timeline, state, in: .always) { time, end in
                if !span.contains(time) {
                    close()
                    var level = CountLevel.everything
                    while nodes[level]?[level.start(around: time)]?.isSplit == true, let below = level.below { level = below }
                    span = level.span(around: time)
                    leaf = CountNode(level: level, start: level.start(around: time))
                }
                leaf.counts[state] += 1
                if let end { leaf.widen(to: end) }
            }
            close()
        }
        return counted
    }

    /// Nodes of tenants and types that are not there.
    private func strayNodes(outside timelines: [RunTimeline], in database: Database) throws -> Int {
        let known = Set(timelines.map { [$0.tenant, $0.type ?? 0] })
        let trees = try database.rows(Self.trees) { columns in
            (tree: [try columns.next(Int64.self), try columns.next(Int64.self)], nodes: try columns.next(Int.self))
        }
        return trees.filter { !known.contains($0.tree) }.map(\.nodes).reduce(0, +)
    }
}

extension CountLevel {
    fileprivate var above: CountLevel? { CountLevel(rawValue: rawValue - 1) }
}

extension CountNode {
    /// Where a node is told apart from its siblings: a time in it. That of everything has no other.
    fileprivate func start(within span: TimeSpan) -> Int64 {
        level == .everything ? span.lowerBound : start
    }

    /// What is kept of ends may be wider than what is there.
    fileprivate func agrees(with counted: CountNode) -> Bool {
        guard counts == counted.counts else { return false }
        guard let there = counted.ends else { return true }
        guard let ends else { return false }
        return ends.lowerBound <= there.lowerBound && there.upperBound <= ends.upperBound
    }
}

extension Database {
    /// All nodes of a tree, those above before those below.
    fileprivate func nodes(of timeline: RunTimeline) throws -> [CountNode] {
        try CountLevel.allCases.flatMap { level in
            try nodes(of: timeline, level, startingIn: TimeSpan(uncheckedBounds: (Int64.min, Int64.max)))
        }
    }
}
