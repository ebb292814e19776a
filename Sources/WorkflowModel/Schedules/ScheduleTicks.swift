/// The instants at which a schedule fires. Pauses do not matter here: the ticks of a paused schedule get an outcome too.
extension Schedule {
    /// The ticks after one instant up to and including another, in order; at most `limit` of them.
    public func ticks(after start: Timestamp, through end: Timestamp, in zone: ScheduleZone, limit: Int) -> [Timestamp] {
        var ticks: [Timestamp] = []
        var last = start
        while ticks.count < limit, let next = tick(after: last, through: end, in: zone) {
            ticks.append(next)
            last = next
        }
        return ticks
    }

    /// The first tick after an instant; nil when there is none up to `end`.
    public func tick(after start: Timestamp, through end: Timestamp = .latest, in zone: ScheduleZone) -> Timestamp? {
        // A tick at `starts` itself counts; one at `ends` does not.
        let start = starts.map { max(start, $0 + .milliseconds(-1)) } ?? start
        let end = ends.map { min(end, $0 + .milliseconds(-1)) } ?? end
        return cron.tick(after: start, through: end, in: zone)
    }

    /// The last tick before an instant, between `starts` and `ends`.
    public func tick(before end: Timestamp, from start: Timestamp = .earliest, in zone: ScheduleZone) -> Timestamp? {
        cron.tick(before: ends.map { min(end, $0) } ?? end, from: starts.map { max(start, $0) } ?? start, in: zone)
    }

    /// The period that the run of this tick covers, when the schedule has periods: the time since the previous tick.
    ///
    /// The first tick after `starts` covers a whole period too, so its period can begin before `starts`.
    public func period(endingAt tick: Timestamp, in zone: ScheduleZone) -> TimeWindow? {
        guard range == .period, let before = cron.tick(before: tick, from: .earliest, in: zone) else { return nil }
        return TimeWindow(from: before, to: tick)
    }
}

extension CronExpression {
    // The spans of a zone are searched one by one. Within a span, wall clock and instants differ by a constant, so minutes of the
    // wall clock are searched and converted to instants. For fixed times, the difference between the wall clock reached before a
    // span (its record) and the one at its beginning matters. In a gap, the skipped times fire at the beginning of the span; in a
    // fold, the repeated times have fired already.

    /// The first tick after an instant; nil when there is none up to `end`.
    public func tick(after start: Timestamp, through end: Timestamp = .latest, in zone: ScheduleZone) -> Timestamp? {
        let least = max(Int(start.milliseconds).split(by: 1_000).quotient + 1, ScheduleZone.firstSecond)
        let most = min(Int(end.milliseconds).split(by: 1_000).quotient, ScheduleZone.endOfTime - 1)
        guard least <= most else { return nil }
        var place = zone.place(of: least)
        while place < zone.spans.count {
            let span = zone.spans[place]
            guard span.start <= most else { return nil }
            if span.start >= least, firesAtTheEndOfTheGap(before: span) { return Timestamp(second: span.start) }
            var wall = max(least, span.start) + span.offset
            if !followsTheClock { wall = max(wall, span.record) }
            let wallEnd = min(zone.end(of: place), most + 1) + span.offset
            if let minute = firstMinute(from: wall.dividedUp(by: 60), before: wallEnd.dividedUp(by: 60)) {
                return Timestamp(second: minute * 60 - span.offset)
            }
            place += 1
        }
        return nil
    }

    /// The last tick before an instant; nil when there is none from `start` on.
    public func tick(before end: Timestamp, from start: Timestamp = .earliest, in zone: ScheduleZone) -> Timestamp? {
        let least = max(Int(start.milliseconds).dividedUp(by: 1_000), ScheduleZone.firstSecond)
        let most = min(Int(end.milliseconds).dividedUp(by: 1_000) - 1, ScheduleZone.endOfTime - 1)
        guard least <= most else { return nil }
        var place = zone.place(of: most)
        while place >= 0 {
            let span = zone.spans[place]
            var wall = max(least, span.start) + span.offset
            if !followsTheClock { wall = max(wall, span.record) }
            let wallEnd = min(zone.end(of: place), most + 1) + span.offset
            if let minute = lastMinute(before: wallEnd.dividedUp(by: 60), from: wall.dividedUp(by: 60)) {
                return Timestamp(second: minute * 60 - span.offset)
            }
            guard span.start >= least else { return nil }
            if firesAtTheEndOfTheGap(before: span) { return Timestamp(second: span.start) }
            place -= 1
        }
        return nil
    }

    /// Whether fixed times lie in the gap right before a span.
    private func firesAtTheEndOfTheGap(before span: ScheduleZone.Span) -> Bool {
        !followsTheClock && minutesInTheGap(before: span, limit: 1) != []
    }

    /// Minutes of the wall clock that the expression selects in the gap right before a span.
    func minutesInTheGap(before span: ScheduleZone.Span, limit: Int) -> [Int] {
        let end = (span.start + span.offset).dividedUp(by: 60)
        var minutes: [Int] = []
        var from = span.record.dividedUp(by: 60)
        while minutes.count < limit, let minute = firstMinute(from: from, before: end) {
            minutes.append(minute)
            from = minute + 1
        }
        return minutes
    }
}

extension Timestamp {
    init(second: Int) {
        self.init(milliseconds: Int64(second) * 1_000)
    }
}
