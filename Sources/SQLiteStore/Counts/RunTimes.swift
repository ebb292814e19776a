import GRDB
import WorkflowModel

/// Runs of one tenant, of one of its types or all of them, in one order of the list.
struct RunTimeline: Hashable {
    var tenant: Int64
    /// nil for all types.
    var type: Int64?
    var clock: RunOrder
}

/// A span of time whose ends are both there, in milliseconds; the last one is outside.
typealias TimeSpan = Range<Int64>

extension TimeSpan {
    /// Everything that a timestamp can be.
    static let always: TimeSpan = Timestamp.earliest.milliseconds..<Timestamp.latest.milliseconds + 1

    /// Empty for a window that ends before it begins.
    init(_ window: TimeWindow?) {
        let from = Swift.max(window?.from?.milliseconds ?? Self.always.lowerBound, Self.always.lowerBound)
        let to = Swift.min(window?.to?.milliseconds ?? Self.always.upperBound, Self.always.upperBound)
        self = from..<Swift.max(from, to)
    }
}

/// The statements that read or count runs by time, each from one index alone.
enum RunTimesStatement {
    /// Times in the timeline's order, with the ends of the runs where the order is that of creation.
    static func times(_ timeline: RunTimeline, withEndIn ended: TimeSpan?) -> String {
        let columns = timeline.clock == .created ? "r.created_at, r.ended_at" : "r.ended_at, NULL"
        return "SELECT \(columns) FROM runs AS r" + conditions(timeline, hasState: true, hasEnd: ended != nil)
    }

    private static func conditions(_ timeline: RunTimeline, hasState: Bool, hasEnd: Bool) -> String {
        let index =
            "runs" + (timeline.type == nil ? "" : "_type") + (hasState ? "_state" : "")
            + (timeline.clock == .created ? "_created" : "_ended")
        let time = timeline.clock == .created ? "r.created_at" : "r.ended_at"
        return " INDEXED BY \(index) WHERE r.tenant = ?" + (timeline.type == nil ? "" : " AND r.type = ?")
            + (hasState ? " AND r.state = ?" : "") + " AND \(time) >= ? AND \(time) < ?"
            + (hasEnd ? " AND r.ended_at >= ? AND r.ended_at < ?" : "")
    }

    static func values(_ timeline: RunTimeline, state: RunState?, in span: TimeSpan, withEndIn ended: TimeSpan?) -> [any SQLValue] {
        var values: [any SQLValue] = [timeline.tenant]
        if let type = timeline.type { values.append(type) }
        if let state { values.append(state) }
        values += [span.lowerBound, span.upperBound] as [any SQLValue]
        if let ended { values += [ended.lowerBound, ended.upperBound] as [any SQLValue] }
        return values
    }
}

extension Database {
    /// Hands out the time of every run in a state and a span, and when it ended where the timeline is that of creation.
    /// - Parameter ended: only those that ended then.
    func eachTime(
        of timeline: RunTimeline, in state: RunState, _ span: TimeSpan, withEndIn ended: TimeSpan? = nil,
        _ body: (Int64, Int64?) -> Void
    ) throws {
        let statement = try prepared(RunTimesStatement.times(timeline, withEndIn: ended))
        try statement.forEachRow(RunTimesStatement.values(timeline, state: state, in: span, withEndIn: ended)) { columns in
            body(try columns.next(), try columns.next())
        }
    }
}
