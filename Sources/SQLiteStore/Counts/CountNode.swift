import StoreCore
import WorkflowModel

/// The width of a node in a tree of counts. Each level divides the one above without a remainder.
enum CountLevel: Int64, CaseIterable {
    case everything
    /// 128 days.
    case stretch
    case day
    case hour
    case minute
    case second
    case millisecond

    /// nil for the root.
    private var width: Int64? {
        switch self {
        case .everything: nil
        case .stretch: 128 * 86_400_000
        case .day: 86_400_000
        case .hour: 3_600_000
        case .minute: 60_000
        case .second: 1_000
        case .millisecond: 1
        }
    }

    /// nil for the finest level.
    var below: CountLevel? { CountLevel(rawValue: rawValue + 1) }

    /// The span of the node that contains a time.
    func span(around time: Int64) -> TimeSpan {
        guard let width else { return .always }
        let into = time % width
        let start = time - (into < 0 ? into + width : into)
        return start..<start + width
    }
}

extension CountStep {
    var level: CountLevel {
        switch self {
        case .hour: .hour
        case .day: .day
        }
    }
}

/// Numbers of runs, by state code.
typealias StateCounts = SIMD8<Int64>

extension StateCounts {
    subscript(state: RunState) -> Int64 {
        get { self[Int(state.code)] }
        set { self[Int(state.code)] = newValue }
    }

    /// The counts of some states; the others are 0.
    func only(_ states: [RunState]) -> StateCounts {
        var some = StateCounts.zero
        for state in states { some[state] = self[state] }
        return some
    }

    var byState: [RunState: Int] {
        var counts: [RunState: Int] = [:]
        for state in RunState.allCases where self[state] != 0 { counts[state] = Int(self[state]) }
        return counts
    }
}

/// How many runs of a timeline lie in a span of time.
///
/// Nodes form a tree along the timeline. A node with many runs is split into nodes of the next level. A node with few has no
/// children, and a part of its span is counted run by run. So the trees are as deep as the history is dense, and the cost of
/// a count does not depend on the number of runs.
struct CountNode: Hashable {
    /// A node with more runs than this is split. Counting that many one by one takes about 0.1 ms.
    static let splitAbove: Int64 = 2_000

    var level: CountLevel
    /// 0 for the root.
    var start: Int64
    var isSplit = false
    var counts = StateCounts.zero
    /// In timelines by creation: all ends of the node's runs lie in it; nil when none has ended. May be wider than necessary
    /// after runs have been deleted.
    var ends: ClosedRange<Int64>?

    var span: TimeSpan { level.span(around: start) }
    var total: Int64 { counts.wrappedSum() }

    mutating func widen(to end: Int64) {
        ends = ends.map { min($0.lowerBound, end)...max($0.upperBound, end) } ?? end...end
    }

    /// Adds the runs of a node within this one.
    mutating func add(_ node: CountNode) {
        counts &+= node.counts
        if let ends = node.ends {
            widen(to: ends.lowerBound)
            widen(to: ends.upperBound)
        }
    }
}
