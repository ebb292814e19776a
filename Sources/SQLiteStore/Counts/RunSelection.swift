import StoreCore
import WorkflowModel

/// Runs that are counted by their times, their states and their group alone.
struct RunSelection {
    var timeline: RunTimeline
    var states: [RunState]
    /// The window along the timeline's clock.
    var span: TimeSpan
    /// The window on the ends of runs, where the timeline is by creation and the filter has one.
    var ended: TimeSpan?
    /// Whether a count throws ``MeetsCrowd`` where it would have to read a crowded millisecond run by run.
    fileprivate var avoidsCrowds = false

    /// - Parameters:
    ///   - type: nil for all types.
    ///   - clock: by ends only for a filter without a window on creation.
    init(_ filter: NumberedFilter, type: Int? = nil, by clock: RunClock) {
        self.init(filter, of: RunGroup(type: type), by: clock)
    }

    /// The runs of a group with the states and the windows of a filter.
    /// - Parameter clock: by creation for a subject; by ends only for a filter without a window on creation.
    init(_ filter: NumberedFilter, of group: RunGroup, by clock: RunClock) {
        timeline = RunTimeline(tenant: filter.tenant, group: group, clock: clock)
        states = filter.states
        span = TimeSpan(clock == .created ? filter.filter.created : filter.filter.ended)
        if clock == .created { ended = filter.filter.ended.map { TimeSpan($0) } }
    }
}

/// A millisecond in which more runs were created than a node holds without being split, and of which a window on ends selects
/// some.
private struct MeetsCrowd: Error {}

/// How a node relates to a selection, by its kept values alone.
enum NodeMatch {
    case nothing
    /// All runs of the node in the selected states.
    case all
    case some
}

extension RunSelection {
    func match(_ node: CountNode) -> NodeMatch {
        guard node.span.overlaps(span) else { return .nothing }
        guard let ended else { return span.contains(node.span) ? .all : .some }
        guard let ends = node.ends, ended.overlaps(ends) else { return .nothing }
        return span.contains(node.span) && ended.contains(ends) ? .all : .some
    }
}

extension DatabaseConnection {
    /// The number of runs that match the windows, the states and the types of a filter, by state.
    func tally(_ filter: NumberedFilter) throws -> StateCounts {
        func count(_ type: Int?) throws -> StateCounts { try tally(RunSelection(filter, type: type, by: filter.clock)) }
        func sum(_ types: Set<Int>) throws -> StateCounts { try types.reduce(.zero) { try $0 &+ count($1) } }
        switch filter.types {
        case .any: return try count(nil)
        case .of(let types): return try sum(types)
        case .except(let types): return try count(nil) &- sum(types)
        }
    }

    /// The number of selected runs, by state.
    ///
    /// Both windows may need a crowded millisecond read run by run. Then the result is computed from outside it: the runs
    /// that ended in time, without those created before or after the window. A subject has no tree by ends to do that.
    func tally(_ selection: RunSelection) throws -> StateCounts {
        guard !selection.span.isEmpty, selection.ended?.isEmpty != true else { return .zero }
        if case .subject = selection.timeline.group { return try tallyFromRoot(selection) }
        guard let ended = selection.ended else { return try tallyFromRoot(selection) }
        var direct = selection
        direct.avoidsCrowds = true
        do { return try tallyFromRoot(direct) } catch is MeetsCrowd {}
        var (inTime, before, after) = (selection, direct, direct)
        inTime.timeline.clock = .ended
        (inTime.span, inTime.ended) = (ended, nil)
        before.span = TimeSpan.always.lowerBound..<selection.span.lowerBound
        after.span = selection.span.upperBound..<TimeSpan.always.upperBound
        do {
            let outside = try tallyFromRoot(before) &+ tallyFromRoot(after)
            return try tallyFromRoot(inTime) &- outside
        } catch is MeetsCrowd {
            return try tallyFromRoot(selection)
        }
    }

    private func tallyFromRoot(_ selection: RunSelection) throws -> StateCounts {
        guard !selection.span.isEmpty, let root = try node(of: selection.timeline, .everything, around: 0) else { return .zero }
        return try tally(selection, in: root).only(selection.states)
    }

    /// - Returns: counts that are valid for the selected states only.
    func tally(_ selection: RunSelection, in node: CountNode) throws -> StateCounts {
        switch selection.match(node) {
        case .nothing: return .zero
        case .all: return node.counts
        case .some: break
        }
        guard node.isSplit, let level = node.level.below else { return try countedRuns(selection, in: node) }
        guard selection.ended == nil else {
            return try nodes(below: node, of: selection.timeline, touching: selection.span)
                .reduce(.zero) { try $0 &+ tally(selection, in: $1) }
        }
        // All nodes but those at the edges lie completely in the span.
        let part = selection.span.clamped(to: node.span)
        let (first, last) = (level.span(around: part.lowerBound), level.span(around: part.upperBound - 1))
        var whole = (from: first.lowerBound, to: last.upperBound)
        var edges: Set<Int64> = []
        if first.lowerBound < part.lowerBound {
            edges.insert(first.lowerBound)
            whole.from = first.upperBound
        }
        if last.upperBound > part.upperBound {
            edges.insert(last.lowerBound)
            whole.to = last.lowerBound
        }
        var counts = StateCounts.zero
        if whole.from < whole.to { counts = try sum(of: selection.timeline, level, startingIn: whole.from..<whole.to) }
        for edge in edges {
            guard let child = try self.node(of: selection.timeline, level, around: edge) else { continue }
            counts &+= try tally(selection, in: child)
        }
        return counts
    }

    private func countedRuns(_ selection: RunSelection, in node: CountNode) throws -> StateCounts {
        if selection.avoidsCrowds, node.counts.only(selection.states).wrappedSum() > CountNode.splitAbove { throw MeetsCrowd() }
        var counts = StateCounts.zero
        let part = selection.span.clamped(to: node.span)
        for state in selection.states where node.counts[state] != 0 {
            counts[state] = try countedRuns(of: selection.timeline, state, in: part, ended: selection.ended)
        }
        return counts
    }
}
