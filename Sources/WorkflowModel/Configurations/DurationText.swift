extension Duration {
    /// The accepted form, for messages.
    public static let configurationForm = "a duration such as 500ms, 90s, 30m, 2h, 1d or 1h30m"

    private static let units: [(name: String, milliseconds: Int64)] = [
        ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1),
    ]

    /// Parses whole numbers with units, largest unit first, each unit once: `90s`, `1h30m`.
    ///
    /// - Returns: nil for other texts, and for durations longer than `longest`.
    public init?(configurationText text: String, upTo longest: Duration = ConfigurationLimits.longestDuration) {
        var rest = Array(text.utf8)[...]
        var total: Int64 = 0
        var smallest = -1
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix(while: \.isDigit)
            rest = rest.dropFirst(digits.count)
            let letters = rest.prefix { !$0.isDigit }
            rest = rest.dropFirst(letters.count)
            let unitName = String(decoding: letters, as: UTF8.self)
            guard let amount = Int64(String(decoding: digits, as: UTF8.self)),
                let place = Self.units.firstIndex(where: { $0.name == unitName }), place > smallest
            else { return nil }
            smallest = place
            let (product, isTooMuch) = amount.multipliedReportingOverflow(by: Self.units[place].milliseconds)
            guard !isTooMuch, product <= longest.milliseconds else { return nil }
            total += product
        }
        guard total <= longest.milliseconds else { return nil }
        self = .milliseconds(total)
    }

    /// The duration as a configuration writes it, in whole milliseconds: `1h30m`, `0s`.
    package var configurationText: String {
        var rest = milliseconds
        var text = ""
        for unit in Self.units where rest >= unit.milliseconds {
            text += "\(rest / unit.milliseconds)\(unit.name)"
            rest %= unit.milliseconds
        }
        return text.isEmpty ? "0s" : text
    }
}
