/// A half-open interval of durations: `from` is included, `to` is excluded; a missing end is unbounded.
public struct DurationWindow: Hashable, Sendable {
    public var from: Duration?
    public var to: Duration?

    public init(from: Duration? = nil, to: Duration? = nil) {
        self.from = from
        self.to = to
    }

    public func contains(_ duration: Duration) -> Bool {
        if let from, duration < from { return false }
        if let to, duration >= to { return false }
        return true
    }
}

extension Duration {
    /// The longest duration that a filter accepts: about 273 years.
    public static let longestInFilter = Duration.milliseconds(8_640_000_000_000)

    /// The accepted forms of a duration in a filter, for messages.
    public static let acceptedFilterForms = "a duration such as 90s, 10m, 1h30m, 2d or PT1H30M"

    /// Parses the form of configurations (`1h30m`) or an ISO 8601 duration of days, hours, minutes and seconds (`P1DT2H`,
    /// `PT0.5S`).
    /// - Returns: nil for other texts, and above ``longestInFilter``. Months and years have no fixed length and are refused.
    public init?(filterText text: String) {
        if let duration = Duration(configurationText: text, upTo: .longestInFilter) {
            self = duration
        } else if let duration = Duration(iso8601: text) {
            self = duration
        } else {
            return nil
        }
    }

    private init?(iso8601 text: String) {
        var rest = Substring(text)
        guard rest.popFirst() == "P" else { return nil }
        let days = rest.prefix { $0 != "T" }
        let times = rest.dropFirst(days.count)
        guard !days.isEmpty || times.count > 1, times.isEmpty || times.count > 1 else { return nil }
        guard let first = Self.total(days, ["W": 604_800_000, "D": 86_400_000]),
            let second = Self.total(times.dropFirst(), ["H": 3_600_000, "M": 60_000, "S": 1_000]),
            first + second <= Self.longestInFilter.milliseconds
        else { return nil }
        self = .milliseconds(first + second)
    }

    /// The milliseconds of amounts that are followed by units, each unit at most once and in that order. Seconds may have a
    /// fraction of up to three digits.
    private static func total(_ text: Substring, _ units: KeyValuePairs<Character, Int64>) -> Int64? {
        var (rest, units, total) = (text, Array(units)[...], Int64(0))
        while !rest.isEmpty {
            let amount = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            rest = rest.dropFirst(amount.count)
            guard let name = rest.popFirst(), let place = units.firstIndex(where: { $0.key == name }) else { return nil }
            guard let milliseconds = scaled(amount, by: units[place].value) else { return nil }
            units = units[(place + 1)...]
            total += milliseconds
        }
        return total
    }

    private static func scaled(_ amount: Substring, by unit: Int64) -> Int64? {
        let parts = amount.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let whole = Int64(first) else { return nil }
        let (product, overflows) = whole.multipliedReportingOverflow(by: unit)
        guard !overflows, product <= longestInFilter.milliseconds else { return nil }
        guard parts.count == 2 else { return product }
        guard unit == 1_000, (1...3).contains(parts[1].count), let fraction = Int64(parts[1]) else { return nil }
        return product + fraction * [100, 10, 1][parts[1].count - 1]
    }
}
