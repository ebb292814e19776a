/// The yearly rule of a zone's clock changes in POSIX form: `EST5EDT,M3.2.0,M11.1.0`.
struct ZoneRule {
    /// The day of a year and the time of day of a clock change, in seconds of the wall clock before the change.
    struct Change {
        enum Day {
            /// Week 5 is the last of the month; weekday 0 is Sunday.
            case weekday(month: Int, week: Int, weekday: Int)
            /// 1 to 365; 29 February is not counted.
            case withoutLeapDay(Int)
            /// 0 to 365; 29 February is counted.
            case ofYear(Int)
        }

        var day: Day
        var time: Int
    }

    /// Seconds east of UTC.
    var standard: Int
    var daylight: (offset: Int, from: Change, to: Change)?

    init?(_ text: some Collection<UInt8>) {
        var reader = Reader(rest: Array(text)[...])
        guard reader.skipName(), let west = reader.time() else { return nil }
        standard = -west
        guard !reader.rest.isEmpty else { return }
        guard reader.skipName() else { return nil }
        var offset = standard + 3_600
        if reader.rest.first != UInt8(ascii: ",") {
            guard let west = reader.time() else { return nil }
            offset = -west
        }
        guard let from = reader.change(), let to = reader.change(), reader.rest.isEmpty else { return nil }
        daylight = (offset, from, to)
    }

    /// All changes after an instant up to the last supported year; without an instant, from 1970 on.
    func changes(after instant: Int?) -> [(at: Int, offset: Int)] {
        guard let daylight else { return instant.map { [(at: $0 + 1, offset: standard)] } ?? [] }
        let first = instant ?? 0
        let firstYear = CalendarDate(daysSince1970: first.split(by: 86_400).quotient).year - 1
        guard firstYear <= ScheduleZone.lastYearOfChanges else { return [] }
        return (firstYear...ScheduleZone.lastYearOfChanges)
            .flatMap { year in
                [
                    (at: daylight.from.wallSecond(of: year) - standard, offset: daylight.offset),
                    (at: daylight.to.wallSecond(of: year) - daylight.offset, offset: standard),
                ]
            }
            .filter { $0.at > first }
            .sorted { $0.at < $1.at }
    }
}

extension ZoneRule.Change {
    /// Seconds of the wall clock since 1970.
    func wallSecond(of year: Int) -> Int {
        let newYear = CalendarDate(year: year, month: 1, day: 1).daysSince1970
        let isLeap = CalendarDate(year: year, month: 2, day: 29).isValid
        let date: Int
        switch day {
        case .ofYear(let number): date = newYear + number
        case .withoutLeapDay(let number): date = newYear + number - 1 + (isLeap && number >= 60 ? 1 : 0)
        case .weekday(let month, let week, let weekday):
            let first = CalendarDate(year: year, month: month, day: 1).daysSince1970
            // 1970-01-01 was a Thursday.
            let firstWeekday = (first + 4).split(by: 7).rest
            var number = (weekday - firstWeekday + 7) % 7 + 1 + (week - 1) * 7
            while !CalendarDate(year: year, month: month, day: number).isValid { number -= 7 }
            date = first + number - 1
        }
        return date * 86_400 + time
    }
}

/// A cursor over the text of a rule.
private struct Reader {
    var rest: ArraySlice<UInt8>

    /// Skips letters, or any text between `<` and `>`.
    mutating func skipName() -> Bool {
        if take("<") {
            guard let end = rest.firstIndex(of: UInt8(ascii: ">")) else { return false }
            rest = rest[(end + 1)...]
            return true
        }
        let name = rest.prefix { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20) }
        rest = rest.dropFirst(name.count)
        return !name.isEmpty
    }

    /// `5`, `-10:30`, `+3:00:00`, in seconds.
    mutating func time() -> Int? {
        let sign = take("-") ? -1 : 1
        if sign == 1 { _ = take("+") }
        guard var seconds = number().map({ $0 * 3_600 }) else { return nil }
        for unit in [60, 1] where take(":") {
            guard let part = number() else { return nil }
            seconds += part * unit
        }
        return sign * seconds
    }

    /// `,M3.2.0/2`, `,J60` or `,59`.
    mutating func change() -> ZoneRule.Change? {
        guard take(",") else { return nil }
        let day: ZoneRule.Change.Day
        if take("M") {
            guard let month = number(), take("."), let week = number(), take("."), let weekday = number(),
                (1...12).contains(month), (1...5).contains(week), (0...6).contains(weekday)
            else { return nil }
            day = .weekday(month: month, week: week, weekday: weekday)
        } else if take("J") {
            guard let number = number(), (1...365).contains(number) else { return nil }
            day = .withoutLeapDay(number)
        } else {
            guard let number = number(), (0...365).contains(number) else { return nil }
            day = .ofYear(number)
        }
        guard take("/") else { return ZoneRule.Change(day: day, time: 7_200) }
        guard let time = time() else { return nil }
        return ZoneRule.Change(day: day, time: time)
    }

    private mutating func number() -> Int? {
        let digits = rest.prefix(while: \.isDigit)
        rest = rest.dropFirst(digits.count)
        return digits.count > 4 ? nil : Int(String(decoding: digits, as: UTF8.self))
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest = rest.dropFirst()
        return true
    }
}
