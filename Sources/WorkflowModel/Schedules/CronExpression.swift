/// A cron expression with five fields, which selects minutes of a wall clock.
///
/// The rules are Vixie cron's. A field that contains `*`, alone or with a step, is a *wildcard*. A day matches when the day of the
/// month and the weekday both match; where neither is a wildcard, one of them is enough.
public struct CronExpression: Hashable, Sendable {
    /// As it was written, without surrounding spaces: a YAML block ends with a line break.
    public let text: String
    /// One bit per selected value: minutes 0 to 59, hours 0 to 23, days 1 to 31, months 1 to 12, weekdays 0 (Sunday) to 6.
    public let minutes: UInt64
    public let hours: UInt64
    public let days: UInt64
    public let months: UInt64
    public let weekdays: UInt64
    public let hasWildcardMinute: Bool
    public let hasWildcardHour: Bool
    let hasWildcardDay: Bool
    let hasWildcardWeekday: Bool

    /// Parses five fields, or one of `@hourly`, `@daily`, `@midnight`, `@weekly`, `@monthly`, `@yearly` and `@annually`.
    ///
    /// - Throws: the problem, in one sentence that says what is accepted.
    public init(_ text: String) throws(CronProblem) {
        let fields = try CronReader.read(text)
        self.text = text.trimmedOfSpace
        minutes = fields.minutes.bits
        hours = fields.hours.bits
        days = fields.days.bits
        months = fields.months.bits
        weekdays = fields.weekdays.bits
        hasWildcardMinute = fields.minutes.isWildcard
        hasWildcardHour = fields.hours.isWildcard
        hasWildcardDay = fields.days.isWildcard
        hasWildcardWeekday = fields.weekdays.isWildcard
        try checkThatItEverFires()
    }

    /// Whether it follows the wall clock through clock changes, as an interval does, instead of selecting fixed times of day.
    ///
    /// A fixed time fires once a day in spite of clock changes. An expression that follows the clock fires whenever the clock shows
    /// a selected minute.
    public var followsTheClock: Bool {
        hasWildcardMinute || hasWildcardHour
    }

    /// Whether a date has to match both the day of the month and the weekday. Otherwise one of them is enough.
    public var needsDayAndWeekday: Bool { hasWildcardDay || hasWildcardWeekday }

    func matches(_ date: CalendarDate, daysSince1970 day: Int) -> Bool {
        guard months & 1 &<< UInt64(date.month) != 0 else { return false }
        let isDay = days & 1 &<< UInt64(date.day) != 0
        // 1970-01-01 was a Thursday.
        let weekday = (day % 7 + 11) % 7
        let isWeekday = weekdays & 1 &<< UInt64(weekday) != 0
        return needsDayAndWeekday ? isDay && isWeekday : isDay || isWeekday
    }

    /// Rejects expressions that select only days that do not exist, such as 30 February.
    private func checkThatItEverFires() throws(CronProblem) {
        // Where one of the two is enough, every month has a matching weekday.
        guard hasWildcardDay || hasWildcardWeekday else { return }
        let longest = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        let isPossible = longest.enumerated().contains { place, length in
            months & 1 &<< UInt64(place + 1) != 0 && days.trailingZeroBitCount <= length
        }
        guard isPossible else {
            throw CronProblem(
                "\(text.quoted) selects a day that none of its months has, so it would never fire; choose an existing day")
        }
    }
}

/// A problem in a cron expression, as a sentence without its full stop.
public struct CronProblem: Error, Hashable, Sendable, CustomStringConvertible {
    public let message: String

    init(_ message: String) {
        self.message = message
    }

    public var description: String { message }
}

extension String {
    fileprivate var trimmedOfSpace: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace }) else {
            return ""
        }
        return String(self[first...last])
    }
}
