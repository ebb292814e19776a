extension Timestamp {
    /// The forms that are read, for messages that refuse one.
    public static let acceptedForms =
        "an ISO 8601 date-time such as 2024, 2024-04, 2024-04-01, 2024-04-01T09, 2024-04-01T09:30, 2024-04-01T09:30:15 or 2024-04-01T09:30:15.250, with Z, an offset or neither (UTC)"

    /// Reads a full or partial ISO 8601 date-time. A partial one means its first instant, in the zone
    /// of its offset; one without a zone is UTC.
    ///
    /// Fractions of a second may have one to nine digits; what is finer than a millisecond is cut off.
    /// - Returns: nil when the text is no date-time, names a day that does not exist, or leaves the years 0 to 9999.
    public init?(iso8601 text: some StringProtocol) {
        var reader = DateTimeReader(text: Array(text.utf8.prefix(DateTimeReader.longestText + 1)))
        guard let instant = reader.read() else { return nil }
        self = instant
    }

    /// The form on the wire, always the same 24 characters wide: `2024-02-10T17:29:32.687Z`.
    public var iso8601: String {
        String(unsafeUninitializedCapacity: Self.iso8601Length) { buffer in
            writeISO8601 { index, byte in buffer[index] = byte }
            return Self.iso8601Length
        }
    }

    /// Bytes in the form on the wire.
    public static let iso8601Length = 24

    /// Hands out the bytes of the form on the wire with their places, so that a writer needs no string in between.
    /// An instant outside the years 0 to 9999 is written as the nearest one inside.
    @inlinable
    public func writeISO8601(_ put: (_ index: Int, _ byte: UInt8) -> Void) {
        let inRange = min(max(self, .earliest), .latest)
        let (date, millisecondOfDay) = inRange.civil
        func digits(_ value: Int, at index: Int, count: Int) {
            var rest = value
            for place in stride(from: index + count - 1, through: index, by: -1) {
                put(place, UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
                rest /= 10
            }
        }
        digits(date.year, at: 0, count: 4)
        put(4, UInt8(ascii: "-"))
        digits(date.month, at: 5, count: 2)
        put(7, UInt8(ascii: "-"))
        digits(date.day, at: 8, count: 2)
        put(10, UInt8(ascii: "T"))
        digits(millisecondOfDay / 3_600_000, at: 11, count: 2)
        put(13, UInt8(ascii: ":"))
        digits(millisecondOfDay / 60_000 % 60, at: 14, count: 2)
        put(16, UInt8(ascii: ":"))
        digits(millisecondOfDay / 1_000 % 60, at: 17, count: 2)
        put(19, UInt8(ascii: "."))
        digits(millisecondOfDay % 1_000, at: 20, count: 3)
        put(23, UInt8(ascii: "Z"))
    }

    /// The UTC day and the milliseconds since it began.
    @usableFromInline
    package var civil: (date: (year: Int, month: Int, day: Int), millisecondOfDay: Int) {
        let (quotient, remainder) = Int(milliseconds).quotientAndRemainder(dividingBy: 86_400_000)
        let days = remainder < 0 ? quotient - 1 : quotient
        let date = CalendarDate(daysSince1970: days)
        return ((date.year, date.month, date.day), remainder < 0 ? remainder + 86_400_000 : remainder)
    }
}

/// A cursor over the bytes of one date-time.
private struct DateTimeReader {
    static let longestText = 48
    let text: [UInt8]
    var position = 0

    init(text: [UInt8]) {
        self.text = text
    }

    mutating func read() -> Timestamp? {
        guard text.count <= Self.longestText, let year = digits(4) else { return nil }
        var date = CalendarDate(year: year, month: 1, day: 1)
        var milliseconds = 0
        var hasTime = false
        if let month = datePart() {
            date.month = month
            if let day = datePart() {
                date.day = day
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

    /// `-04`: the month or the day. nil, and nothing read, where there is none, and where a colon makes it the hours of an offset.
    private mutating func datePart() -> Int? {
        let start = position
        guard take("-"), let value = digits(2), position == text.count || text[position] != UInt8(ascii: ":") else {
            position = start
            return nil
        }
        return value
    }

    /// `09`, `09:30`, `09:30:15` or `09:30:15.250`, as milliseconds of the day.
    private mutating func timeOfDay() -> Int? {
        guard let hour = digits(2), hour < 24 else { return nil }
        var milliseconds = hour * 3_600_000
        guard take(":") else { return milliseconds }
        guard let minute = digits(2), minute < 60 else { return nil }
        milliseconds += minute * 60_000
        guard take(":") else { return milliseconds }
        guard let second = digits(2), second < 60 else { return nil }
        milliseconds += second * 1_000
        guard take(".") || take(",") else { return milliseconds }
        var scale = 100
        var count = 0
        while let digit = digits(1) {
            milliseconds += digit * scale
            scale /= 10
            count += 1
        }
        return (1...9).contains(count) ? milliseconds : nil
    }

    /// Minutes east of UTC: `Z`, `+02:00`, `+0200`, `+02`, or nothing at all.
    private mutating func zone(afterTime: Bool) -> Int? {
        if position == text.count || take("Z") || take("z") { return 0 }
        // A `+` that came unescaped in a query string arrives as a space. After a date alone that may as well be a time of day
        // that somebody wrote without the `T`, and is no offset.
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
