import StoreCore
import WorkflowModel

/// The statements about nodes of the count trees. A tree is identified by tenant, type and clock. The type is a number of a
/// ``RunGroup``.
enum CountStatement {
    private static let tree = "tenant = ? AND type = ? AND clock = ?"
    private static let states = "scheduled, started, in_progress, running_with_failures, stopping, canceled, succeeded, failed"
    private static let columns = "level, start, is_split, first_end, last_end, \(states)"

    static let node = "SELECT \(columns) FROM run_counts WHERE \(tree) AND level = ? AND start = ?"
    static let nodesAscending =
        "SELECT \(columns) FROM run_counts WHERE \(tree) AND level = ? AND start >= ? AND start < ? ORDER BY start"
    static let nodesDescending = nodesAscending + " DESC"
    static let sum = """
        SELECT sum(scheduled), sum(started), sum(in_progress), sum(running_with_failures), sum(stopping), sum(canceled),
            sum(succeeded), sum(failed)
        FROM run_counts WHERE \(tree) AND level = ? AND start >= ? AND start < ?
        """
    /// Replaces an existing node. The primary key is the only index, so that one entry is written.
    static let write = """
        INSERT OR REPLACE INTO run_counts (tenant, type, clock, \(columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    static let remove = "DELETE FROM run_counts WHERE \(tree) AND level = ? AND start = ?"
}

extension RunGroup {
    /// The column `type` of the group's trees.
    var number: Int {
        switch self {
        case .all: 0
        case .type(let type): type
        case .subject(let subject): -subject
        }
    }

    init(number: Int) {
        self = number == 0 ? .all : number > 0 ? .type(number) : .subject(-number)
    }
}

extension RunTimeline {
    fileprivate var clockNumber: Int { clock == .created ? 0 : 1 }
}

extension DatabaseConnection {
    /// nil when the node has no runs.
    func node(of timeline: RunTimeline, _ level: CountLevel, around time: Int64) throws -> CountNode? {
        try row(
            CountStatement.node, timeline.tenant, timeline.group.number, timeline.clockNumber, level.rawValue,
            level.start(around: time)
        ) { try $0.nextCountNode() }
    }

    func write(_ node: CountNode, of timeline: RunTimeline) throws {
        let (ends, counts) = (node.ends, node.counts)
        try change(
            CountStatement.write, timeline.tenant, timeline.group.number, timeline.clockNumber, node.level.rawValue, node.start,
            node.isSplit, ends?.lowerBound, ends?.upperBound, counts[0], counts[1], counts[2], counts[3], counts[4], counts[5],
            counts[6], counts[7])
        if node.level == .millisecond, node.total > CountNode.splitAbove, case .subject(let subject) = timeline.group {
            try change(SubjectStatement.setCrowded, subject)
        }
    }

    func remove(_ node: CountNode, of timeline: RunTimeline) throws {
        try change(
            CountStatement.remove, timeline.tenant, timeline.group.number, timeline.clockNumber, node.level.rawValue, node.start)
    }

    /// The children of a split node that a span touches.
    func nodes(
        below node: CountNode, of timeline: RunTimeline, touching span: TimeSpan, newestFirst: Bool = false
    ) throws -> [CountNode] {
        let part = span.clamped(to: node.span)
        guard let level = node.level.below, !part.isEmpty else { return [] }
        let first = level.start(around: part.lowerBound)
        return try nodes(of: timeline, level, startingIn: first..<part.upperBound, newestFirst: newestFirst)
    }

    /// The nodes of a level whose start lies in a span.
    func nodes(
        of timeline: RunTimeline, _ level: CountLevel, startingIn span: TimeSpan, newestFirst: Bool = false
    ) throws -> [CountNode] {
        let statement = newestFirst ? CountStatement.nodesDescending : CountStatement.nodesAscending
        return try rows(
            statement, timeline.tenant, timeline.group.number, timeline.clockNumber, level.rawValue, span.lowerBound,
            span.upperBound
        ) { try $0.nextCountNode() }
    }

    /// The sum over the nodes of a level whose start lies in a span.
    func sum(of timeline: RunTimeline, _ level: CountLevel, startingIn span: TimeSpan) throws -> StateCounts {
        guard !span.isEmpty else { return .zero }
        return try row(
            CountStatement.sum, timeline.tenant, timeline.group.number, timeline.clockNumber, level.rawValue, span.lowerBound,
            span.upperBound
        ) { try $0.nextStateCounts() } ?? .zero
    }
}

extension CountLevel {
    func start(around time: Int64) -> Int64 {
        self == .everything ? 0 : span(around: time).lowerBound
    }
}

extension ColumnReader {
    fileprivate mutating func nextCountNode() throws -> CountNode {
        let number = try next(Int64.self)
        guard let level = CountLevel(rawValue: number) else { throw StoreError.unreadable("counts of level \(number)") }
        var node = CountNode(level: level, start: try next(), isSplit: try next())
        let (first, last) = (try next(Int64?.self), try next(Int64?.self))
        if let first, let last, first <= last { node.ends = first...last }
        node.counts = try nextStateCounts()
        return node
    }

    /// NULL, the sum of no rows, is read as 0.
    fileprivate mutating func nextStateCounts() throws -> StateCounts {
        var counts = StateCounts.zero
        for place in 0..<StateCounts.scalarCount { counts[place] = try next() }
        return counts
    }
}
