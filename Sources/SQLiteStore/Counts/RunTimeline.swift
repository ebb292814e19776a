import StoreCore
import WorkflowModel

/// A time of runs by which they are counted.
enum RunClock: String, CaseIterable {
    case created
    case ended
}

/// A tenant's runs, of one type or of all, in the order of one of their times.
struct RunTimeline: Hashable {
    var tenant: Int
    /// nil for all types.
    var type: Int?
    var clock: RunClock
}

/// A half-open span of time in milliseconds.
typealias TimeSpan = Range<Int64>

extension TimeSpan {
    /// Every representable time.
    static let always: TimeSpan = Timestamp.earliest.milliseconds..<Timestamp.latest.milliseconds + 1

    /// Empty for a window that ends before it begins.
    init(_ window: TimeWindow?) {
        let from = Swift.max(window?.from?.milliseconds ?? Self.always.lowerBound, Self.always.lowerBound)
        let to = Swift.min(window?.to?.milliseconds ?? Self.always.upperBound, Self.always.upperBound)
        self = from..<Swift.max(from, to)
    }

    func contains(_ other: TimeSpan) -> Bool {
        lowerBound <= other.lowerBound && other.upperBound <= upperBound
    }

    func contains(_ other: ClosedRange<Int64>) -> Bool {
        lowerBound <= other.lowerBound && other.upperBound < upperBound
    }
}

extension TimeWindow {
    init(_ span: TimeSpan) {
        self.init(from: Timestamp(milliseconds: span.lowerBound), to: Timestamp(milliseconds: span.upperBound))
    }
}

/// The statements that read runs in one state by time, each from one covering index.
enum TimelineStatement {
    /// The times, and in timelines by creation the ends of the runs.
    static func times(_ timeline: RunTimeline, hasEnd: Bool) -> String {
        let columns = timeline.clock == .created ? "r.created_at, r.ended_at" : "r.ended_at, NULL"
        return "SELECT \(columns) FROM runs AS r \(conditions(timeline, hasEnd: hasEnd))"
    }

    static func count(_ timeline: RunTimeline, hasEnd: Bool) -> String {
        "SELECT count(*) FROM runs AS r \(conditions(timeline, hasEnd: hasEnd))"
    }

    private static func conditions(_ timeline: RunTimeline, hasEnd: Bool) -> String {
        let (order, time) = timeline.clock == .created ? ("created", "r.created_at") : ("ended", "r.ended_at")
        return "INDEXED BY runs\(timeline.type == nil ? "" : "_type")_state_\(order) WHERE r.tenant = ?"
            + (timeline.type == nil ? "" : " AND r.type = ?") + " AND r.state = ? AND \(time) >= ? AND \(time) < ?"
            // One comparison instead of two: measurable when many runs are counted.
            + (hasEnd ? " AND r.ended_at BETWEEN ? AND ?" : "")
    }

    fileprivate static func values(
        _ timeline: RunTimeline, _ state: RunState, _ span: TimeSpan, _ ended: TimeSpan?
    ) -> [any SQLValue] {
        var values: [any SQLValue] = [timeline.tenant]
        if let type = timeline.type { values.append(type) }
        values += [state, span.lowerBound, span.upperBound] as [any SQLValue]
        if let ended { values += [ended.lowerBound, ended.upperBound - 1] as [any SQLValue] }
        return values
    }
}

extension DatabaseConnection {
    /// Calls the body with the times of the runs in a state within a span, in order, and in timelines by creation with their
    /// ends.
    /// - Parameter ended: selects the runs that ended then.
    func eachTime(
        of timeline: RunTimeline, _ state: RunState, in span: TimeSpan, ended: TimeSpan? = nil, _ body: (Int64, Int64?) -> Void
    ) throws {
        let statement = try prepared(TimelineStatement.times(timeline, hasEnd: ended != nil))
        try statement.forEachRow(list: TimelineStatement.values(timeline, state, span, ended)) { columns in
            body(try columns.next(), try columns.next())
        }
    }

    /// Counts the runs in a state within a span one by one.
    func countedRuns(of timeline: RunTimeline, _ state: RunState, in span: TimeSpan, ended: TimeSpan? = nil) throws -> Int64 {
        let statement = try prepared(TimelineStatement.count(timeline, hasEnd: ended != nil))
        return try statement.rows(list: TimelineStatement.values(timeline, state, span, ended)) { try $0.next(Int64.self) }.first
            ?? 0
    }
}
