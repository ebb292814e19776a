/// Finds the minutes of a wall clock that an expression selects. Minutes count from 1970-01-01T00:00 of the same clock, so this
/// code does not depend on zones.
extension CronExpression {
    /// The first minute from `start` on and before `end`.
    ///
    /// Walks months and days, not minutes, so that a tick that occurs once in eight years costs about a hundred steps.
    func firstMinute(from start: Int, before end: Int) -> Int? {
        guard start < end else { return nil }
        var (day, minute) = start.split(by: 1_440)
        var date = CalendarDate(daysSince1970: day)
        while day * 1_440 < end {
            if months & 1 &<< UInt64(date.month) == 0 {
                date =
                    date.month == 12
                    ? CalendarDate(year: date.year + 1, month: 1, day: 1)
                    : CalendarDate(year: date.year, month: date.month + 1, day: 1)
                day = date.daysSince1970
                minute = 0
                continue
            }
            if matches(date, daysSince1970: day), let found = firstMinuteOfDay(from: minute) {
                let wall = day * 1_440 + found
                return wall < end ? wall : nil
            }
            day += 1
            minute = 0
            date = CalendarDate(daysSince1970: day)
        }
        return nil
    }

    /// The last minute before `end` that is not before `start`.
    func lastMinute(before end: Int, from start: Int) -> Int? {
        guard start < end else { return nil }
        var (day, minute) = (end - 1).split(by: 1_440)
        var date = CalendarDate(daysSince1970: day)
        while day * 1_440 + minute >= start {
            if months & 1 &<< UInt64(date.month) == 0 {
                day = CalendarDate(year: date.year, month: date.month, day: 1).daysSince1970 - 1
                minute = 1_439
                date = CalendarDate(daysSince1970: day)
                continue
            }
            if matches(date, daysSince1970: day), let found = lastMinuteOfDay(through: minute) {
                let wall = day * 1_440 + found
                return wall >= start ? wall : nil
            }
            day -= 1
            minute = 1_439
            date = CalendarDate(daysSince1970: day)
        }
        return nil
    }

    private func firstMinuteOfDay(from minute: Int) -> Int? {
        let hour = minute / 60
        if hours & 1 &<< UInt64(hour) != 0 {
            let rest = minutes &>> UInt64(minute % 60)
            if rest != 0 { return minute + rest.trailingZeroBitCount }
        }
        let laterHours = hours &>> UInt64(hour + 1)
        guard laterHours != 0 else { return nil }
        return (hour + 1 + laterHours.trailingZeroBitCount) * 60 + minutes.trailingZeroBitCount
    }

    private func lastMinuteOfDay(through minute: Int) -> Int? {
        let hour = minute / 60
        if hours & 1 &<< UInt64(hour) != 0 {
            let rest = minutes &<< UInt64(63 - minute % 60)
            if rest != 0 { return minute - rest.leadingZeroBitCount }
        }
        let earlierHours = hours & (1 &<< UInt64(hour) - 1)
        guard earlierHours != 0 else { return nil }
        return (63 - earlierHours.leadingZeroBitCount) * 60 + 63 - minutes.leadingZeroBitCount
    }
}

extension Int {
    /// The quotient rounded down, and the remainder, which is never negative.
    func split(by divisor: Int) -> (quotient: Int, rest: Int) {
        let (quotient, rest) = quotientAndRemainder(dividingBy: divisor)
        return rest < 0 ? (quotient - 1, rest + divisor) : (quotient, rest)
    }

    /// The quotient rounded up.
    func dividedUp(by divisor: Int) -> Int {
        let (quotient, rest) = split(by: divisor)
        return rest == 0 ? quotient : quotient + 1
    }
}
