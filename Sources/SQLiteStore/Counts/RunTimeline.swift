import StoreCore
import WorkflowModel

/// A time of runs by which they are counted.
enum RunClock: String, CaseIterable {
    case created
    case ended
}

/// The runs of a tenant that are counted together.
enum RunGroup: Hashable {
    case all
    case type(Int)
    /// The filed runs of a subject, by its number. They have a timeline by creation only.
    case subject(Int)

    /// - Parameter type: nil for all types.
    init(type: Int?) {
        self = type.map { .type($0) } ?? .all
    }
}

/// The runs of a group in the order of one of their times.
struct RunTimeline: Hashable {
    var tenant: Int
    var group: RunGroup
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

/// The statements that read runs in one state by time: each from one covering index, and the ends of a subject's runs from their rows.
enum TimelineStatement {
    /// The times, and in timelines by creation the ends of the runs.
    static func times(_ timeline: RunTimeline, hasEnd: Bool) -> String {
        let columns = timeline.clock == .created ? "\(time(timeline)), r.ended_at" : "r.ended_at, NULL"
        return "SELECT \(columns) FROM \(source(timeline, hasEnd: true)) WHERE \(conditions(timeline, hasEnd: hasEnd))"
    }

    static func count(_ timeline: RunTimeline, hasEnd: Bool) -> String {
        "SELECT count(*) FROM \(source(timeline, hasEnd: hasEnd)) WHERE \(conditions(timeline, hasEnd: hasEnd))"
    }

    /// - Parameter hasEnd: whether the ends of runs are read, which marks do not have.
    private static func source(_ timeline: RunTimeline, hasEnd: Bool) -> String {
        switch timeline.group {
        case .all: "runs AS r INDEXED BY runs_state_\(timeline.clock.rawValue)"
        case .type: "runs AS r INDEXED BY runs_type_state_\(timeline.clock.rawValue)"
        case .subject: hasEnd ? "run_marks AS f CROSS JOIN runs AS r ON r.number = f.run" : "run_marks AS f"
        }
    }

    private static func conditions(_ timeline: RunTimeline, hasEnd: Bool) -> String {
        let time = time(timeline)
        let group =
            switch timeline.group {
            case .all: "r.tenant = ? AND r.state = ?"
            case .type: "r.tenant = ? AND r.type = ? AND r.state = ?"
            case .subject: "f.subject = ? AND f.state = ?"
            }
        return "\(group) AND \(time) >= ? AND \(time) < ?"
            // One comparison instead of two: measurable when many runs are counted.
            + (hasEnd ? " AND r.ended_at BETWEEN ? AND ?" : "")
    }

    private static func time(_ timeline: RunTimeline) -> String {
        switch (timeline.clock, timeline.group) {
        case (.created, .subject): "f.created_at"
        case (.created, _): "r.created_at"
        case (.ended, _): "r.ended_at"
        }
    }

    fileprivate static func values(
        _ timeline: RunTimeline, _ state: RunState, _ span: TimeSpan, _ ended: TimeSpan?
    ) -> [any SQLValue] {
        var values: [any SQLValue] =
            switch timeline.group {
            case .all: [timeline.tenant]
            case .type(let type): [timeline.tenant, type]
            case .subject(let subject): [subject]
            }
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
