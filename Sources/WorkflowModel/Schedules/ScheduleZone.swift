/// A time zone: its offsets from UTC over time.
///
/// A value without I/O; `ScheduleZones` makes it from the system's zone data.
public struct ScheduleZone: Sendable {
    /// A period with a constant offset.
    struct Span: Sendable, Equatable {
        /// Its first second, since 1970 UTC.
        var start: Int
        /// Seconds east of UTC.
        var offset: Int
        /// The wall clock reached before the span began, in seconds. At the beginning of the span, the wall clock is later after a
        /// change forward, and earlier after a change back.
        var record: Int
    }

    /// The IANA name, such as `America/New_York`.
    public let name: String
    /// In order and never empty. The first one begins before any possible instant.
    let spans: [Span]

    /// Daylight saving time is followed up to this year; after it, clocks never change.
    static let lastYearOfChanges = 2500
    /// All spans begin after this second and end before the last one.
    static let firstSecond = Int(Timestamp.earliest.milliseconds / 1_000) - 86_400
    static let endOfTime = Int(Timestamp.latest.milliseconds / 1_000) + 86_400

    public static let utc = ScheduleZone(name: "UTC", firstOffset: 0, changes: [])

    /// - Parameter changes: the offsets and the second from which each applies, in order.
    init(name: String, firstOffset: Int, changes: [(at: Int, offset: Int)]) {
        self.name = name
        var spans = [Span(start: Self.firstSecond, offset: firstOffset, record: Self.firstSecond + firstOffset)]
        for change in changes where change.at > Self.firstSecond {
            guard let last = spans.last, change.offset != last.offset, change.at > last.start else { continue }
            spans.append(Span(start: change.at, offset: change.offset, record: max(last.record, change.at + last.offset)))
        }
        self.spans = spans
    }

    /// Seconds east of UTC at an instant.
    public func offset(at instant: Timestamp) -> Int {
        spans[place(of: Int(instant.milliseconds).split(by: 1_000).quotient)].offset
    }

    /// The position of the span that contains a second.
    func place(of second: Int) -> Int {
        var low = 0
        var high = spans.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if spans[middle].start <= second { low = middle } else { high = middle }
        }
        return low
    }

    /// The first second after the span.
    func end(of place: Int) -> Int {
        place + 1 < spans.count ? spans[place + 1].start : Self.endOfTime
    }

    /// The local time: `2027-03-14T03:00:00-07:00`.
    public func wallTime(at instant: Timestamp) -> String {
        let offset = offset(at: instant)
        let shown = Timestamp(milliseconds: instant.milliseconds + Int64(offset) * 1_000).iso8601.prefix(19)
        guard offset != 0 else { return "\(shown)Z" }
        let (hours, rest) = abs(offset).split(by: 3_600)
        let seconds = rest % 60 == 0 ? "" : ":" + (rest % 60).twoDigits
        return "\(shown)\(offset < 0 ? "-" : "+")\(hours.twoDigits):\((rest / 60).twoDigits)\(seconds)"
    }
}

extension Int {
    var twoDigits: String {
        self < 10 ? "0\(self)" : "\(self)"
    }
}
