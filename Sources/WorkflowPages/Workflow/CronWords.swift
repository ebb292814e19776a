import WorkflowModel

/// A schedule in words: `every weekday at 06:30 Los Angeles`.
enum CronWords {
    private static let weekdays = [
        "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
    ]
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    ]
    /// Times of day that are listed, at most. An expression with more is shown as it was written.
    private static let mostTimes = 4

    static func text(_ schedule: Schedule) -> String {
        let zone = zone(schedule.timeZone)
        guard let words = text(schedule.cron) else { return "\(schedule.cron.text) \(zone)" }
        return "\(words) \(zone)"
    }

    /// The last part of a zone's name.
    static func zone(_ name: String) -> String {
        (name.split(separator: "/").last.map(String.init) ?? name).replacing("_", with: " ")
    }

    /// - Returns: nil for an expression that words would make longer.
    static func text(_ cron: CronExpression) -> String? {
        let (minutes, hours) = (values(cron.minutes, 0...59), values(cron.hours, 0...23))
        guard let days = days(cron) else { return nil }
        if let times = times(minutes, hours) { return "\(days) at \(times)" }
        guard let pace = pace(minutes), hours.count == 24 else { return nil }
        return days == "every day" ? pace : "\(pace), \(days)"
    }

    private static func times(_ minutes: [Int], _ hours: [Int]) -> String? {
        guard minutes.count * hours.count <= mostTimes else { return nil }
        let times = hours.flatMap { hour in minutes.map { "\(two(hour)):\(two($0))" } }
        return list(times)
    }

    /// The steps of an expression for every hour.
    private static func pace(_ minutes: [Int]) -> String? {
        switch minutes.count {
        case 60: return "every minute"
        case 1: return minutes[0] == 0 ? "every hour" : "every hour at :\(two(minutes[0]))"
        default:
            let step = minutes[1] - minutes[0]
            guard minutes[0] == 0, 60 % step == 0, minutes == Array(stride(from: 0, to: 60, by: step))
            else { return nil }
            return "every \(step) minutes"
        }
    }

    private static func days(_ cron: CronExpression) -> String? {
        let (days, months, weekdays) = (
            values(cron.days, 1...31), values(cron.months, 1...12), values(cron.weekdays, 0...6)
        )
        let isEveryDay = days.count == 31
        // Where both are given, one of them is enough: words for that would be longer than the expression.
        guard isEveryDay || weekdays.count == 7 else { return nil }
        var words: String
        if isEveryDay {
            switch weekdays {
            case [0, 1, 2, 3, 4, 5, 6]: words = "every day"
            case [1, 2, 3, 4, 5]: words = "every weekday"
            case [0, 6]: words = "every Saturday and Sunday"
            default: words = "every " + list(weekdays.map { Self.weekdays[$0] })
            }
        } else {
            guard days.count <= mostTimes else { return nil }
            words =
                "on day \(list(days.map(String.init))) of " + (months.count == 12 ? "every month" : "")
        }
        guard months.count < 12 else { return words }
        guard months.count <= mostTimes else { return nil }
        let names = list(months.map { Self.months[$0 - 1] })
        words += isEveryDay ? " in \(names)" : names
        return words
    }

    private static func values(_ bits: UInt64, _ range: ClosedRange<Int>) -> [Int] {
        range.filter { bits & 1 &<< UInt64($0) != 0 }
    }

    private static func list(_ words: [String]) -> String {
        guard words.count > 1, let last = words.last else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " and " + last
    }

    private static func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
