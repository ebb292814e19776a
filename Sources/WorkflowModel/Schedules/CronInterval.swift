/// Suggests an expression for an interval, such as `@every 5m` of other programs.
enum CronInterval {
    /// - Parameter text: the interval, as it was written.
    /// - Returns: the end of a sentence.
    static func advice(_ text: String) -> String {
        guard let seconds = seconds(text), seconds > 0 else {
            return "write minutes as in `*/5 * * * *`, or hours as in `0 */2 * * *`"
        }
        if let fields = fields(seconds) { return "write \(fields.quoted)" }
        if seconds < 60 { return "the shortest interval is one minute, which is `* * * * *`" }
        return "a cron expression selects times of day, so the interval must divide an hour or a day, as in `*/5 * * * *` or "
            + "`0 */2 * * *`"
    }

    /// The expression that fires at that interval; nil when there is none.
    private static func fields(_ seconds: Int) -> String? {
        guard seconds % 60 == 0 else { return nil }
        switch seconds / 60 {
        case 1: return "* * * * *"
        case let minutes where minutes < 60 && 60 % minutes == 0: return "*/\(minutes) * * * *"
        case 60: return "0 * * * *"
        case let minutes where minutes % 60 == 0 && minutes < 1_440 && 1_440 % minutes == 0: return "0 */\(minutes / 60) * * *"
        case 1_440: return "0 0 * * *"
        case 10_080: return "0 0 * * 0"
        default: return nil
        }
    }

    /// `90s`, `5m`, `1h30m`, `1d`.
    private static func seconds(_ text: String) -> Int? {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800]
        var rest = text.lowercased()[...]
        var sum = 0
        while !rest.isEmpty {
            let digits = rest.prefix(while: \.isNumber)
            rest = rest.dropFirst(digits.count)
            guard digits.count <= 6, let number = Int(digits), let unit = rest.popFirst().flatMap({ units[$0] }) else { return nil }
            sum += number * unit
        }
        return sum
    }
}
