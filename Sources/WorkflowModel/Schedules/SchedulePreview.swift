/// A coming tick of a schedule, or one that a clock change suppresses.
public struct PreviewedTick: Hashable, Sendable {
    /// The effect of a clock change on a tick.
    public enum ClockChange: String, CaseIterable, Sendable {
        /// Its time of day does not exist: it fires at the next existing time.
        case moved
        /// Its time of day does not exist and the schedule follows the clock: it does not fire.
        case skipped
        /// Its time of day occurs twice: it fires twice.
        case doubled
        /// Its time of day occurs twice: it fires the first time only.
        case once
    }

    /// When it fires; for a skipped tick, when the clocks change.
    public var instant: Timestamp
    /// The local time then, with its offset: `2027-03-14T03:00:00-07:00`.
    public var wallTime: String
    public var change: ClockChange?
    /// An explanation for display: `02:30 does not exist on 2027-03-14, runs at 03:00`.
    public var note: String?
    /// Whether no run starts because the schedule or its workflow is paused.
    public var isPaused: Bool

    public init(instant: Timestamp, wallTime: String, change: ClockChange? = nil, note: String? = nil, isPaused: Bool = false) {
        self.instant = instant
        self.wallTime = wallTime
        self.change = change
        self.note = note
        self.isPaused = isPaused
    }

    /// Whether it is a tick, and not only a time that a clock change suppresses.
    public var fires: Bool { change != .skipped }

    /// The note, and that it is paused.
    public var remarks: String? {
        let remarks = [isPaused && fires ? "paused, starts no run" : nil, note].compactMap(\.self)
        return remarks.isEmpty ? nil : remarks.joined(separator: "; ")
    }
}

extension Schedule {
    /// The next `count` ticks between two instants, and the ticks between them that a clock change suppresses.
    /// - Parameter pause: the pause of the workflow.
    public func preview(
        after start: Timestamp, before end: Timestamp = .latest, count: Int, in zone: ScheduleZone,
        during pause: WorkflowPause? = nil
    ) -> [PreviewedTick] {
        var preview: [PreviewedTick] = []
        var last = start
        for _ in 0..<count {
            guard let tick = tick(after: last, through: end + .milliseconds(-1), in: zone) else { break }
            preview += skippedTicks(after: last, before: tick, in: zone)
            preview.append(previewed(tick, in: zone))
            last = tick
        }
        for place in preview.indices { preview[place].isPaused = isPaused || pause?.covers(preview[place].instant) ?? false }
        return preview
    }

    private func previewed(_ tick: Timestamp, in zone: ScheduleZone) -> PreviewedTick {
        let second = Int(tick.milliseconds / 1_000)
        let place = zone.place(of: second)
        let span = zone.spans[place]
        let wall = WallMinute(second + span.offset)
        var previewed = PreviewedTick(instant: tick, wallTime: zone.wallTime(at: tick))
        if second == span.start, !cron.followsTheClock, let gap = wallTimesInTheGap(before: span) {
            previewed.change = .moved
            previewed.note = "\(gap.words) on \(gap.date), \(gap.count == 1 ? "runs" : "run once") at \(wall.time)"
        } else if second + span.offset < span.record {
            previewed.change = .doubled
            previewed.note = "\(wall.time) comes twice on \(wall.date), runs both times; this is the second"
        } else if place + 1 < zone.spans.count, second + span.offset >= zone.spans[place + 1].start + zone.spans[place + 1].offset {
            previewed.change = cron.followsTheClock ? .doubled : .once
            previewed.note =
                "\(wall.time) comes twice on \(wall.date), runs "
                + (cron.followsTheClock ? "both times; this is the first" : "the first time only")
        }
        return previewed
    }

    /// One entry for each clock change that suppresses ticks.
    private func skippedTicks(after start: Timestamp, before end: Timestamp, in zone: ScheduleZone) -> [PreviewedTick] {
        guard cron.followsTheClock else { return [] }
        let first = max(start, (starts ?? start) + .milliseconds(-1))
        return (zone.place(of: Int(first.milliseconds / 1_000))...zone.place(of: Int(end.milliseconds / 1_000)))
            .map { zone.spans[$0] }
            .compactMap { span in
                let change = Timestamp(second: span.start)
                guard change > first, change <= end, let gap = wallTimesInTheGap(before: span) else { return nil }
                return PreviewedTick(
                    instant: change, wallTime: zone.wallTime(at: change), change: .skipped,
                    note: "\(gap.words) on \(gap.date), \(gap.count == 1 ? "is" : "are") skipped")
            }
    }

    private func wallTimesInTheGap(before span: ScheduleZone.Span) -> (words: String, date: String, count: Int)? {
        // A day has 1,440 minutes: no clock change has skipped more.
        let minutes = cron.minutesInTheGap(before: span, limit: 1_440)
        guard let first = minutes.first.map({ WallMinute($0 * 60) }), let last = minutes.last.map({ WallMinute($0 * 60) }) else {
            return nil
        }
        let words =
            switch minutes.count {
            case 1: "\(first.time) does not exist"
            case 2: "\(first.time) and \(last.time) do not exist"
            default: "\(minutes.count) times from \(first.time) to \(last.time) do not exist"
            }
        return (words, first.date, minutes.count)
    }
}

/// A minute of a wall clock, for display.
private struct WallMinute {
    var date: String
    var time: String

    /// - Parameter second: of the wall clock since 1970.
    init(_ second: Int) {
        let text = Timestamp(second: second).iso8601
        date = String(text.prefix(10))
        time = String(text.dropFirst(11).prefix(5))
    }
}
