import StoreCore
import WorkflowModel

/// Verifies the kept counts against the rows, tree by tree. Every run is read once for each tree that counts it.
struct CountAudit {
    static let uncounted = "SELECT count(*) FROM run_changes"
    static let trees = "SELECT tenant, type, count(*) FROM run_counts GROUP BY tenant, type"

    /// Nodes whose counts are wrong, that are missing, or that should not exist.
    private(set) var wrongNodes = 0

    init(_ database: DatabaseConnection) throws {
        wrongNodes += try database.row(Self.uncounted) { try $0.next(Int.self) } ?? 0
        let timelines = try database.timelines()
        for timeline in timelines { try audit(timeline, in: database) }
        wrongNodes += try strayNodes(outside: timelines, in: database)
    }

    private mutating func audit(_ timeline: RunTimeline, in database: DatabaseConnection) throws {
        let kept = try database.nodes(of: timeline)
        // The nodes that are reachable from the root. A child of a node that is not split is not.
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

    /// The nodes as the rows define them: for each run those from the root down to one that is not split.
    private func countedNodes(
        like nodes: [CountLevel: [Int64: CountNode]], of timeline: RunTimeline, in database: DatabaseConnection
    ) throws -> [CountLevel: [Int64: CountNode]] {
        var counted: [CountLevel: [Int64: CountNode]] = [:]
        for state in RunState.allCases {
            // Times come in order, so that the runs of one leaf follow each other.
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

    /// Nodes of tenants and types that do not exist.
    private func strayNodes(outside timelines: [RunTimeline], in database: DatabaseConnection) throws -> Int {
        let known = Set(timelines.map { [$0.tenant, $0.group.number] })
        let trees = try database.rows(Self.trees) { columns in
            (tree: [try columns.next(Int.self), try columns.next(Int.self)], nodes: try columns.next(Int.self))
        }
        return trees.filter { !known.contains($0.tree) }.map(\.nodes).reduce(0, +)
    }
}

extension CountLevel {
    fileprivate var above: CountLevel? { CountLevel(rawValue: rawValue - 1) }
}

extension CountNode {
    /// A time inside the node, which tells it from its siblings. The root has none.
    fileprivate func start(within span: TimeSpan) -> Int64 {
        level == .everything ? span.lowerBound : start
    }

    /// The kept range of ends may be wider than the runs: it does not shrink when runs are deleted.
    fileprivate func agrees(with counted: CountNode) -> Bool {
        guard counts == counted.counts else { return false }
        guard let there = counted.ends else { return true }
        guard let ends else { return false }
        return ends.lowerBound <= there.lowerBound && there.upperBound <= ends.upperBound
    }
}

extension DatabaseConnection {
    /// All nodes of a tree, parents before children.
    fileprivate func nodes(of timeline: RunTimeline) throws -> [CountNode] {
        try CountLevel.allCases.flatMap { level in
            try nodes(of: timeline, level, startingIn: TimeSpan(uncheckedBounds: (Int64.min, Int64.max)))
        }
    }
}
