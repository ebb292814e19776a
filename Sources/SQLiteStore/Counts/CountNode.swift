import WorkflowModel

/// How wide a node of a tree of counts is. Each level divides the one above without a rest.
enum CountLevel: Int64, CaseIterable {
    case everything
    /// 128 days.
    case stretch
    case day
    case hour
    case minute
    case second
    case millisecond

    /// nil for everything there is.
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

    /// nil for the finest.
    var below: CountLevel? { CountLevel(rawValue: rawValue + 1) }

    /// The span of the node that a time lies in.
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

/// Numbers of runs, by the code of their state.
typealias StateCounts = SIMD8<Int64>

extension StateCounts {
    subscript(state: RunState) -> Int64 {
        get { self[Int(state.code)] }
        set { self[Int(state.code)] = newValue }
    }

    /// Only those in some states.
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
/// Nodes form a tree along the timeline. One with many runs is split into those of the next level; one with few has none
/// below it, and a part of its span is counted run by run. So the trees are as deep as the history is dense, and the cost of
/// a count does not depend on how many runs there are.
struct CountNode: Hashable {
    /// More runs than this split a node: what counting run by run costs at the edge of a window, a tenth of a millisecond or so.
    static let splitAbove: Int64 = 2_000

    var level: CountLevel
    /// Of a node of ``CountLevel/everything``: 0.
    var start: Int64
    var isSplit = false
    var counts = StateCounts.zero
    /// Along the clock of creation: no run of the node ended outside; nil when none has ended. Wider than need be when runs
    /// have been deleted.
    var ends: ClosedRange<Int64>?

    var span: TimeSpan { level.span(around: start) }
    var total: Int64 { counts.wrappedSum() }

    mutating func widen(to end: Int64) {
        ends = ends.map { min($0.lowerBound, end)...max($0.upperBound, end) } ?? end...end
    }

    /// Takes in the runs of a node within this one.
    mutating func add(_ node: CountNode) {
        counts &+= node.counts
        if let ends = node.ends {
            widen(to: ends.lowerBound)
            widen(to: ends.upperBound)
        }
    }
}
