import WorkflowModel
import WorkflowTestKit

/// An expression with the known values of its fields, so that no parser is needed.
struct KnownExpression: Sendable {
    struct Field: Sendable {
        var text: String
        var bits: UInt64
        var isWildcard: Bool { text.contains("*") }
    }

    var minute: Field
    var hour: Field
    var day: Field
    var month: Field
    var weekday: Field

    var text: String { [minute, hour, day, month, weekday].map(\.text).joined(separator: " ") }
    var followsTheClock: Bool { minute.isWildcard || hour.isWildcard }

    func names(day date: CalendarDate, weekday number: Int) -> Bool {
        guard month.bits &>> UInt64(date.month) & 1 == 1 else { return false }
        let isDay = day.bits &>> UInt64(date.day) & 1 == 1
        let isWeekday = weekday.bits &>> UInt64(number) & 1 == 1
        return day.isWildcard || weekday.isWildcard ? isDay && isWeekday : isDay || isWeekday
    }

    /// - Parameter isDense: whether the expression has thousands of ticks per month.
    init(_ random: SeededRandom, isDense: Bool) {
        // Includes a day that every month has, so that every expression fires.
        let days = [Self.any(1...31), .init(text: "1", bits: 1 << 1), Self.list(1...28, random), Self.steps(1...31, by: 9)]
        let weekdays = [Self.any(0...6), Self.any(0...6), Self.list(0...6, random), .init(text: "5-7", bits: 0b110_0001)]
        let months = [Self.any(1...12), Self.any(1...12), Self.any(1...12), Self.list(1...12, random), Self.range(3...11)]
        let nights = [Self.range(0...3), Self.list(0...3, random), Self.list(0...23, random), Self.list(0...23, random)]
        if isDense {
            minute = Self.element(
                [Self.any(0...59), Self.steps(0...59, by: 7), Self.range(10...50), Self.list(0...59, random)], random)
            hour = Self.element(nights + [Self.any(0...23), Self.steps(0...23, by: 2)], random)
            day = Self.any(1...31)
            month = Self.any(1...12)
            weekday = Self.element(weekdays, random)
        } else {
            minute = Self.element([Self.list(0...59, random), Self.list(0...59, random), Self.steps(0...59, by: 25)], random)
            hour = Self.element(nights + [Self.steps(0...23, by: 11)], random)
            day = Self.element(days, random)
            month = Self.element(months, random)
            weekday = Self.element(weekdays, random)
        }
    }

    private static func element(_ fields: [Field], _ random: SeededRandom) -> Field {
        random.element(of: fields) ?? fields[0]
    }

    private static func any(_ range: ClosedRange<Int>) -> Field {
        Field(text: "*", bits: bits(range))
    }

    private static func range(_ range: ClosedRange<Int>) -> Field {
        Field(text: "\(range.lowerBound)-\(range.upperBound)", bits: bits(range))
    }

    private static func steps(_ range: ClosedRange<Int>, by step: Int) -> Field {
        Field(text: "*/\(step)", bits: bits(range.filter { ($0 - range.lowerBound) % step == 0 }))
    }

    private static func list(_ range: ClosedRange<Int>, _ random: SeededRandom) -> Field {
        let values = Set((0..<random.number(in: 1...2)).map { _ in random.number(in: range) })
        return Field(text: values.map(String.init).joined(separator: ","), bits: bits(values))
    }

    private static func bits(_ values: some Sequence<Int>) -> UInt64 {
        values.reduce(0) { $0 | 1 << UInt64($1) }
    }
}

/// A wall clock that is checked minute by minute against expressions.
///
/// Two further rules apply to expressions with fixed times: repeated wall-clock times do not fire again, and skipped ones fire when
/// the clock jumps ahead.
struct WatchedClock {
    let zone: ScheduleZone

    /// The ticks of each expression between two minutes since 1970 UTC, which are whole quarters of an hour.
    ///
    /// The offset is read every quarter of an hour: none of these zones has ever changed in between.
    func ticks(of expressions: [KnownExpression], from start: Int, to end: Int) -> [[Int]] {
        var ticks = expressions.map { _ in [Int]() }
        var names = expressions.map { _ in false }
        var shown = wall(at: start - 15) + 14
        // A repeated hour that began before the first minute.
        for minute in stride(from: start - 1_440, to: start, by: 15) { shown = max(shown, wall(at: minute) + 14) }
        var day = Int.min
        var minute = start
        while minute < end {
            let wall = wall(at: minute)
            if wall > shown + 1 {
                for place in expressions.indices where !expressions[place].followsTheClock {
                    if (shown + 1..<wall).contains(where: { expressions[place].isNamed(wallMinute: $0) }) {
                        ticks[place].append(minute)
                    }
                }
            }
            if wall / 1_440 != day {
                day = wall / 1_440
                let date = CalendarDate(daysSince1970: day)
                for place in expressions.indices { names[place] = expressions[place].names(day: date, weekday: (day + 4) % 7) }
            }
            let hour = UInt64(wall % 1_440 / 60)
            let first = wall % 60
            for place in expressions.indices where names[place] && expressions[place].hour.bits &>> hour & 1 == 1 {
                let minutes = expressions[place].minute.bits &>> UInt64(first) & 0x7FFF
                guard minutes != 0 else { continue }
                for step in 0..<15 where minutes &>> UInt64(step) & 1 == 1 {
                    guard expressions[place].followsTheClock || wall + step > shown, ticks[place].last != minute + step else {
                        continue
                    }
                    ticks[place].append(minute + step)
                }
            }
            shown = max(shown, wall + 14)
            minute += 15
        }
        return ticks
    }

    func wall(at minute: Int) -> Int {
        minute + zone.offset(at: Timestamp(milliseconds: Int64(minute) * 60_000)) / 60
    }
}

extension KnownExpression {
    fileprivate func isNamed(wallMinute wall: Int) -> Bool {
        let day = wall / 1_440
        return minute.bits &>> UInt64(wall % 60) & 1 == 1 && hour.bits &>> UInt64(wall % 1_440 / 60) & 1 == 1
            && names(day: CalendarDate(daysSince1970: day), weekday: (day + 4) % 7)
    }
}
