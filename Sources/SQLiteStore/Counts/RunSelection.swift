import GRDB
import WorkflowModel

/// Which runs a filter selects, in the terms of the store.
struct RunSelection {
    var timeline: RunTimeline
    var states: [RunState]
    /// On the timeline's clock.
    var span: TimeSpan
    /// On when the runs ended, where the clock is that of creation and the filter has such a window.
    var ended: TimeSpan?
    /// Whether a count is given up, with ``MeetsCrowd``, where it would have to go through a crowded millisecond run by run.
    fileprivate var avoidsCrowds = false

    /// nil when nothing can match: a type that the tenant has no run of, or a filter that leaves no state.
    init?(_ filter: RunFilter, tenant: Int64, in database: Database) throws {
        timeline = RunTimeline(tenant: tenant, clock: filter.order)
        if let name = filter.type {
            guard let type = try database.number(ofType: name, in: tenant) else { return nil }
            timeline.type = type
        }
        states = filter.states
        guard !states.isEmpty else { return nil }
        span = TimeSpan(filter.order == .created ? filter.created : filter.ended)
        if filter.order == .created { ended = filter.ended.map { TimeSpan($0) } }
    }
}

/// A millisecond in which more runs were created than a node holds that is not split, and of which a window on ends wants some.
private struct MeetsCrowd: Error {}

/// What the nodes of a tree say about a selection, before anything is looked at run by run.
enum NodeMatch {
    case nothing
    /// All runs of the node that are in the states.
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

extension Database {
    /// How many runs are selected, by state.
    ///
    /// Where both windows would have a crowded millisecond gone through, the runs that ended in time and were created in time are
    /// those that ended in time without those created before or after, where that crowd is not.
    func tally(_ selection: RunSelection) throws -> StateCounts {
        guard !selection.span.isEmpty, selection.ended?.isEmpty != true else { return .zero }
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

    /// - Returns: right for the states of the selection only.
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
        // All nodes but those at the edges lie in the span as a whole.
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
