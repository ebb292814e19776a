extension Timestamp {
    /// The accepted forms, for messages.
    public static let acceptedForms =
        "an ISO 8601 date-time such as 2024, 2024-04, 2024-04-01, 2024-04-01T09, 2024-04-01T09:30, 2024-04-01T09:30:15 or 2024-04-01T09:30:15.250, with Z, an offset or neither (UTC)"

    /// Parses a full or partial ISO 8601 date-time. A partial one means its first instant, in the zone of its offset; without a
    /// zone, UTC.
    ///
    /// Fractions of a second may have one to nine digits and are truncated to milliseconds.
    /// - Returns: nil when the text is not a date-time, its day does not exist, or its year is outside 0 to 9999.
    public init?(iso8601 text: some StringProtocol) {
        var reader = DateTimeReader(text: Array(text.utf8.prefix(DateTimeReader.longestText + 1)))
        guard let instant = reader.read() else { return nil }
        self = instant
    }

    /// The form on the wire, always 24 characters: `2024-02-10T17:29:32.687Z`.
    public var iso8601: String {
        String(unsafeUninitializedCapacity: Self.iso8601Length) { buffer in
            writeISO8601 { index, byte in buffer[index] = byte }
            return Self.iso8601Length
        }
    }

    /// The length of the form on the wire, in bytes.
    public static let iso8601Length = 24

    /// Passes the bytes of the form on the wire and their positions to a closure, so that a writer needs no string. An instant
    /// outside the years 0 to 9999 is written as the nearest one inside.
    @inlinable
    public func writeISO8601(_ put: (_ index: Int, _ byte: UInt8) -> Void) {
        let inRange = min(max(self, .earliest), .latest)
        let (date, millisecondOfDay) = inRange.civil
        writeDigits(of: date.year, count: 4, at: 0, put)
        put(4, UInt8(ascii: "-"))
        writeDigits(of: date.month, count: 2, at: 5, put)
        put(7, UInt8(ascii: "-"))
        writeDigits(of: date.day, count: 2, at: 8, put)
        put(10, UInt8(ascii: "T"))
        writeDigits(of: millisecondOfDay / 3_600_000, count: 2, at: 11, put)
        put(13, UInt8(ascii: ":"))
        writeDigits(of: millisecondOfDay / 60_000 % 60, count: 2, at: 14, put)
        put(16, UInt8(ascii: ":"))
        writeDigits(of: millisecondOfDay / 1_000 % 60, count: 2, at: 17, put)
        put(19, UInt8(ascii: "."))
        writeDigits(of: millisecondOfDay % 1_000, count: 3, at: 20, put)
        put(23, UInt8(ascii: "Z"))
    }

    /// The UTC day and the milliseconds since its start.
    @usableFromInline
    package var civil: (date: (year: Int, month: Int, day: Int), millisecondOfDay: Int) {
        let (quotient, remainder) = Int(milliseconds).quotientAndRemainder(dividingBy: 86_400_000)
        let days = remainder < 0 ? quotient - 1 : quotient
        let date = CalendarDate(daysSince1970: days)
        return ((date.year, date.month, date.day), remainder < 0 ? remainder + 86_400_000 : remainder)
    }
}

extension TimeWindow {
    /// Parses a full or partial ISO 8601 date-time as the span that it names: `2024-04` is that month, `2024-04-01T09` that hour.
    /// - Returns: nil for a text that ``Timestamp/init(iso8601:)`` refuses too.
    package init?(iso8601 text: some StringProtocol) {
        var reader = DateTimeReader(text: Array(text.utf8.prefix(DateTimeReader.longestText + 1)))
        guard let start = reader.read() else { return nil }
        let end = reader.end(of: start)
        self.init(from: start, to: end <= .latest ? end : nil)
    }
}

/// A cursor over the bytes of a date-time.
private struct DateTimeReader {
    /// The smallest part that a text names.
    enum Unit {
        case year
        case month
        case day
        case hour
        case minute
        case second
        case millisecond
    }

    static let longestText = 48
    let text: [UInt8]
    var position = 0
    var unit = Unit.year
    var date = CalendarDate(year: 0, month: 1, day: 1)

    init(text: [UInt8]) {
        self.text = text
    }

    mutating func read() -> Timestamp? {
        guard text.count <= Self.longestText, let year = digits(4) else { return nil }
        date.year = year
        var milliseconds = 0
        var hasTime = false
        if let month = datePart() {
            date.month = month
            unit = .month
            if let day = datePart() {
                date.day = day
                unit = .day
                if take("T") || take("t") {
                    guard let time = timeOfDay() else { return nil }
                    milliseconds = time
                    hasTime = true
                }
            }
        }
        guard date.isValid, let offset = zone(afterTime: hasTime), position == text.count else { return nil }
        let total = (date.daysSince1970 * 1_440 - offset) * 60_000 + milliseconds
        let instant = Timestamp(milliseconds: Int64(total))
        return (Timestamp.earliest...Timestamp.latest).contains(instant) ? instant : nil
    }

    /// The end of the span that the text names, when it begins at `start`.
    func end(of start: Timestamp) -> Timestamp {
        let days =
            switch unit {
            case .year: CalendarDate(year: date.year + 1, month: 1, day: 1).daysSince1970 - date.daysSince1970
            case .month: date.nextMonth.daysSince1970 - date.daysSince1970
            case .day: 1
            case .hour, .minute, .second, .millisecond: 0
            }
        let milliseconds: Int64 =
            switch unit {
            case .year, .month, .day: 0
            case .hour: 3_600_000
            case .minute: 60_000
            case .second: 1_000
            case .millisecond: 1
            }
        return Timestamp(milliseconds: start.milliseconds + Int64(days) * 86_400_000 + milliseconds)
    }

    /// `-04`: the month or the day. Returns nil and reads nothing when there is none, or when a colon makes it the hours of an
    /// offset.
    private mutating func datePart() -> Int? {
        let start = position
        guard take("-"), let value = digits(2), position == text.count || text[position] != UInt8(ascii: ":") else {
            position = start
            return nil
        }
        return value
    }

    /// `09`, `09:30`, `09:30:15` or `09:30:15.250`, in milliseconds since midnight.
    private mutating func timeOfDay() -> Int? {
        guard let hour = digits(2), hour < 24 else { return nil }
        var milliseconds = hour * 3_600_000
        unit = .hour
        guard take(":") else { return milliseconds }
        guard let minute = digits(2), minute < 60 else { return nil }
        milliseconds += minute * 60_000
        unit = .minute
        guard take(":") else { return milliseconds }
        guard let second = digits(2), second < 60 else { return nil }
        milliseconds += second * 1_000
        unit = .second
        guard take(".") || take(",") else { return milliseconds }
        unit = .millisecond
        var scale = 100
        var count = 0
        while let digit = digits(1) {
            milliseconds += digit * scale
            scale /= 10
            count += 1
        }
        return (1...9).contains(count) ? milliseconds : nil
    }

    /// Minutes east of UTC: `Z`, `+02:00`, `+0200`, `+02`, or none.
    private mutating func zone(afterTime: Bool) -> Int? {
        if position == text.count || take("Z") || take("z") { return 0 }
        // An unescaped `+` in a query string arrives as a space. After a date alone, a space can also precede a time of day without
        // `T`, so it is not taken for an offset there.
        let sign = take("-") ? -1 : (take("+") || afterTime && take(" ") ? 1 : 0)
        guard sign != 0, let hours = digits(2), hours < 24 else { return nil }
        if position == text.count { return sign * hours * 60 }
        _ = take(":")
        guard let minutes = digits(2), minutes < 60 else { return nil }
        return sign * (hours * 60 + minutes)
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard position < text.count, text[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func digits(_ count: Int) -> Int? {
        guard position + count <= text.count else { return nil }
        var value = 0
        for byte in text[position..<position + count] {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        position += count
        return value
    }
}
