import WorkflowModel

/// A schedule in words: `every weekday at 06:30 in Los Angeles`.
enum CronWords {
    private static let weekdays = [
        "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
    ]
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    ]
    /// Values that are listed one by one, at most. An expression with more, in no regular steps, is shown as it was written.
    private static let mostListed = 4

    static func text(_ schedule: Schedule) -> String {
        "\(text(schedule.cron) ?? schedule.cron.text) in \(zone(schedule.timeZone))"
    }

    /// The last part of a zone's name.
    static func zone(_ name: String) -> String {
        (name.split(separator: "/").last.map(String.init) ?? name).replacing("_", with: " ")
    }

    /// - Returns: nil for an expression that words would make longer. Two expressions with the same words select the same times.
    static func text(_ cron: CronExpression) -> String? {
        let (minutes, hours) = (values(cron.minutes, 0...59), values(cron.hours, 0...23))
        guard let days = days(cron), let times = times(minutes, hours) else { return nil }
        switch times {
        case .at(let text): return "\(days) at \(text)"
        case .pace(let text): return days == everyDay ? text : "\(days), \(text)"
        }
    }

    private enum Times {
        /// Times of day.
        case at(String)
        case pace(String)
    }

    private static let everyDay = "every day"

    private static func times(_ minutes: [Int], _ hours: [Int]) -> Times? {
        let isEveryHour = hours.count == 24
        if !isEveryHour, minutes.count * hours.count <= mostListed {
            return .at(list(hours.flatMap { hour in minutes.map { clock(hour, $0) } }))
        }
        guard let pace = pace(minutes) else { return nil }
        guard !isEveryHour else { return .pace(pace) }
        guard let steps = steps(hours) else { return nil }
        let (first, last) = (hours[0], hours[hours.count - 1])
        if steps == 1 {
            return .pace("\(pace) from \(clock(first, minutes[0])) to \(clock(last, minutes[minutes.count - 1]))")
        }
        // Minutes of some hours only: one minute of each is clear.
        guard minutes.count == 1 else { return nil }
        let isRegular = first == 0 && 24 % steps == 0 && last + steps == 24
        let minute = minutes[0] == 0 ? "" : " at :\(two(minutes[0]))"
        return .pace(
            isRegular
                ? "every \(steps) hours\(minute)"
                : "every \(steps) hours from \(clock(first, minutes[0])) to \(clock(last, minutes[0]))")
    }

    /// The minutes of each hour.
    private static func pace(_ minutes: [Int]) -> String? {
        if minutes.count == 60 { return "every minute" }
        if minutes == [0] { return "every hour" }
        if minutes.count > 1, let steps = steps(minutes) {
            let (first, last) = (minutes[0], minutes[minutes.count - 1])
            if first == 0, 60 % steps == 0, last + steps == 60 { return "every \(steps) minutes" }
            if minutes.count > mostListed {
                let every = steps == 1 ? "every minute" : "every \(steps) minutes"
                return "\(every) from :\(two(first)) to :\(two(last)) of each hour"
            }
        }
        guard minutes.count <= mostListed else { return nil }
        return "every hour at \(list(minutes.map { ":" + two($0) }))"
    }

    private static func days(_ cron: CronExpression) -> String? {
        let (days, months, weekdays) = (
            values(cron.days, 1...31), values(cron.months, 1...12), values(cron.weekdays, 0...6)
        )
        guard let dayWords = dayWords(days), let weekdayWords = weekdayWords(weekdays),
            let monthWords = monthWords(months)
        else { return nil }
        let inMonths = monthWords.isEmpty ? "" : " in \(monthWords)"
        let ofMonths = monthWords.isEmpty ? " of every month" : " of \(monthWords)"
        switch (days.count == 31, weekdays.count == 7) {
        case (true, true): return everyDay + inMonths
        // One of both is enough, and every day is one of them.
        case (true, false) where !cron.needsDayAndWeekday, (false, true) where !cron.needsDayAndWeekday: return everyDay + inMonths
        case (true, false): return weekdayWords + inMonths
        case (false, true): return dayWords + ofMonths
        case (false, false):
            // Where a field begins with a star, both have to match; otherwise one of them is enough.
            return cron.needsDayAndWeekday
                ? "\(weekdayWords)\(inMonths) that is \(dayWords)\(ofMonths)"
                : "\(dayWords)\(ofMonths), and \(weekdayWords)\(inMonths),"
        }
    }

    private static func dayWords(_ days: [Int]) -> String? {
        if days.count == 31 { return everyDay }
        if days.count == 1 { return "on day \(days[0])" }
        if days.count <= mostListed { return "on days \(list(days.map(String.init)))" }
        guard let steps = steps(days) else { return nil }
        let range = "\(days[0]) to \(days[days.count - 1])"
        return steps == 1 ? "on days \(range)" : "on every \(ordinal(steps)) day from \(range)"
    }

    private static func weekdayWords(_ weekdays: [Int]) -> String? {
        switch weekdays {
        case [0, 1, 2, 3, 4, 5, 6]: everyDay
        case [1, 2, 3, 4, 5]: "every weekday"
        case [0, 6]: "every Saturday and Sunday"
        case _ where weekdays.count > 2 && steps(weekdays) == 1:
            "every \(Self.weekdays[weekdays[0]]) to \(Self.weekdays[weekdays[weekdays.count - 1]])"
        default: "every " + list(weekdays.map { Self.weekdays[$0] })
        }
    }

    /// Empty for all months.
    private static func monthWords(_ months: [Int]) -> String? {
        if months.count == 12 { return "" }
        if months.count > 2, steps(months) == 1 {
            return "\(Self.months[months[0] - 1]) to \(Self.months[months[months.count - 1] - 1])"
        }
        guard months.count <= mostListed else { return nil }
        return list(months.map { Self.months[$0 - 1] })
    }

    /// The equal distance of neighbors; nil for others, and for a single value.
    private static func steps(_ values: [Int]) -> Int? {
        guard values.count > 1 else { return nil }
        let step = values[1] - values[0]
        return zip(values, values.dropFirst()).allSatisfy { $1 - $0 == step } ? step : nil
    }

    private static func values(_ bits: UInt64, _ range: ClosedRange<Int>) -> [Int] {
        range.filter { bits & 1 &<< UInt64($0) != 0 }
    }

    private static func list(_ words: [String]) -> String {
        guard words.count > 1, let last = words.last else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " and " + last
    }

    private static func clock(_ hour: Int, _ minute: Int) -> String { "\(two(hour)):\(two(minute))" }

    private static func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }

    private static func ordinal(_ value: Int) -> String {
        switch value {
        case 2: "second"
        case 3: "third"
        default: "\(value)th"
        }
    }
}
