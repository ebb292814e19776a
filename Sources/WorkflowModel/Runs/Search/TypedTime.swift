/// A time as a person types it into a search, an option or a form: an ISO 8601 date-time, `yesterday`, `7d`, `last monday`,
/// `dec 2025`.
///
/// It is an instant, or a span such as a day or a month. Where one instant is needed, a span means its first one, as a partial
/// ISO 8601 date-time does. Days begin at midnight of the caller's zone; an ISO 8601 date-time without an offset is UTC everywhere.
public struct TypedTime: Hashable, Sendable {
    public var start: Timestamp
    /// The first instant after the span; nil for an instant.
    public var end: Timestamp?
    /// Whether the text means another time on another day.
    public var isRelative: Bool

    /// The accepted forms, for messages.
    public static let acceptedForms = """
        now, today, yesterday, a weekday such as monday or last monday, last week, last month, a month such as dec or dec 2025, \
        a day such as 3 dec, a time ago such as 90m, 2h ago or 7d, or an ISO 8601 date-time such as 2024-04, 2024-04-01 or \
        2024-04-01T09:30Z
        """

    init(start: Timestamp, end: Timestamp? = nil, isRelative: Bool = true) {
        self.start = start
        self.end = end
        self.isRelative = isRelative
    }

    /// - Parameters:
    ///   - now: the instant to which relative forms refer.
    ///   - zone: the zone of the days, weekdays and months.
    /// - Returns: nil for a text that is not a time, and for a time outside the years 0 to 9999.
    public init?(_ text: String, at now: Timestamp, in zone: ScheduleZone = .utc) {
        guard text.utf8.count <= TypedTimeReader.longestText else { return nil }
        if let time = Self.iso8601(text) {
            self = time
        } else if let time = TypedTimeReader(now: now, zone: zone).time(text), Self.range.contains(time.start) {
            self = time
            if let end, end > .latest { self.end = nil }
        } else {
            return nil
        }
    }

    private static let range = Timestamp.earliest...Timestamp.latest

    /// Also with a space in place of `T`.
    private static func iso8601(_ text: String) -> TypedTime? {
        let parts = text.split(separator: " ")
        guard (1...2).contains(parts.count) else { return nil }
        guard let window = TimeWindow(iso8601: text) ?? TimeWindow(iso8601: parts.joined(separator: "T")), let start = window.from
        else { return nil }
        return TypedTime(start: start, end: window.to, isRelative: false)
    }
}
