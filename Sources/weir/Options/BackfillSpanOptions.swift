import ArgumentParser
import WorkflowModel

/// The ticks of a backfill: a range of time, or a day or a month of the schedule's own calendar.
struct BackfillSpanOptions: ParsableArguments {
    @Option(
        parsing: .unconditional, help: ArgumentHelp("Ticks at this time or later.", valueName: "time"), transform: Reading.timestamp
    )
    var from: Timestamp?

    @Option(parsing: .unconditional, help: ArgumentHelp("Ticks before this time.", valueName: "time"), transform: Reading.timestamp)
    var to: Timestamp?

    @Option(
        help: ArgumentHelp("Ticks of this day in the schedule's time zone, such as 2026-11-03.", valueName: "date"),
        transform: Reading.calendarDay)
    var day: CalendarSpan?

    @Option(
        help: ArgumentHelp("Ticks of this month in the schedule's time zone, such as 2026-10.", valueName: "month"),
        transform: Reading.calendarMonth)
    var month: CalendarSpan?

    func check(at now: Timestamp) throws {
        let spans = [day, month].compactMap(\.self)
        guard spans.count + (from != nil || to != nil ? 1 : 0) == 1 else {
            throw ValidationError("Choose the ticks with --from and --to, with --day, or with --month.")
        }
        if let span = spans.first {
            guard span.window.from <= now else {
                throw ValidationError("\(span.text) is in the future. A backfill starts runs of past ticks.")
            }
            return
        }
        guard let from, let to else { throw ValidationError("--from and --to need each other.") }
        guard from < to else { throw ValidationError("--to must be later than --from.") }
        guard to <= now else { throw ValidationError("--to is in the future. A backfill starts runs of past ticks.") }
    }

    /// A window that contains the ticks, in UTC. Checked options have one.
    /// - Parameter now: ticks after it are left out: the day or the month may not be over.
    func window(at now: Timestamp) -> (from: Timestamp, to: Timestamp) {
        guard let span = day ?? month else { return (from ?? now, to ?? now) }
        return (span.window.from, min(span.window.to, now + .milliseconds(1)))
    }

    /// Whether a tick of the window is one of them: by its local time, so that a day may have 23 or 25 hours.
    func contains(_ tick: PreviewedTick) -> Bool {
        (day ?? month)?.contains(tick) ?? true
    }
}

/// A day or a month of a calendar, in any time zone.
struct CalendarSpan: Sendable {
    /// `2026-11-03` or `2026-11`.
    let text: String
    /// From the first instant to the last in any zone. No clock differs from UTC by more than a day.
    let window: (from: Timestamp, to: Timestamp)

    private static let farthestClock = Duration.seconds(86_400)

    /// - Parameter length: of the text.
    /// - Returns: nil for a text that is not a date of that length.
    init?(_ text: String, length: Int) {
        guard text.utf8.count == length, text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-") }),
            let utc = TimeWindow(iso8601: text), let from = utc.from, let to = utc.to
        else { return nil }
        self.text = text
        window = (from + (.zero - Self.farthestClock), to + Self.farthestClock)
    }

    func contains(_ tick: PreviewedTick) -> Bool { tick.wallTime.hasPrefix(text) }
}

extension Reading {
    @Sendable static func calendarDay(_ text: String) throws -> CalendarSpan {
        guard let span = CalendarSpan(text, length: 10) else { throw ValidationError("Accepted: a date such as 2026-11-03.") }
        return span
    }

    @Sendable static func calendarMonth(_ text: String) throws -> CalendarSpan {
        guard let span = CalendarSpan(text, length: 7) else { throw ValidationError("Accepted: a month such as 2026-10.") }
        return span
    }
}
