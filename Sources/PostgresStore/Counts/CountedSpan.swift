import WorkflowModel

/// A window of time in the units of counts: its whole hours and days, and the rest at its ends.
struct CountedSpan: Hashable, Sendable {
    static let hour = 3_600_000
    static let hoursOfDay = 24

    /// Empty for a window without a whole hour.
    private(set) var hours: Range<Int>
    /// The parts of an hour at the ends, whose runs are counted one by one.
    private(set) var edges: [TimeWindow] = []

    /// - Parameter window: nil for all of time.
    init(_ window: TimeWindow?) {
        let lower = window?.from.map { -Self.floor(-Int($0.milliseconds), by: Self.hour) } ?? RunCountSQL.noEnd + 1
        let upper = window?.to.map { Self.floor(Int($0.milliseconds), by: Self.hour) } ?? Int.max
        guard lower < upper else {
            hours = 0..<0
            if let window { edges = [window] }
            return
        }
        hours = lower..<upper
        if let from = window?.from { add(from, Self.instant(lower)) }
        if let to = window?.to { add(Self.instant(upper), to) }
    }

    /// The hours as a window; nil when there are none.
    var wholeHours: TimeWindow? { hours.isEmpty ? nil : Self.window(hours) }

    static func window(_ hours: Range<Int>) -> TimeWindow {
        TimeWindow(
            from: hours.lowerBound > RunCountSQL.noEnd + 1 ? instant(hours.lowerBound) : nil,
            to: hours.upperBound < Int.max ? instant(hours.upperBound) : nil)
    }

    /// The hours that belong to no whole day of the span.
    var singleHours: [Range<Int>] {
        guard let days else { return hours.isEmpty ? [] : [hours] }
        var single: [Range<Int>] = []
        if hours.lowerBound > RunCountSQL.noEnd + 1 { single.append(hours.lowerBound..<days.lowerBound * Self.hoursOfDay) }
        if hours.upperBound < Int.max { single.append(days.upperBound * Self.hoursOfDay..<hours.upperBound) }
        return single.filter { !$0.isEmpty }
    }

    /// The hours of whole days; nil when the span has none.
    var hoursOfDays: Range<Int>? {
        days.map { days in
            let lower = days.lowerBound == Int.min ? hours.lowerBound : days.lowerBound * Self.hoursOfDay
            return lower..<(days.upperBound == Int.max ? hours.upperBound : days.upperBound * Self.hoursOfDay)
        }
    }

    /// nil when the span has no whole day.
    var days: Range<Int>? {
        let lower = hours.lowerBound > RunCountSQL.noEnd + 1 ? -Self.floor(-hours.lowerBound, by: Self.hoursOfDay) : Int.min
        let upper = hours.upperBound < Int.max ? Self.floor(hours.upperBound, by: Self.hoursOfDay) : Int.max
        return lower < upper ? lower..<upper : nil
    }

    private mutating func add(_ from: Timestamp, _ to: Timestamp) {
        if from < to { edges.append(TimeWindow(from: from, to: to)) }
    }

    private static func instant(_ hour: Int) -> Timestamp { Timestamp(milliseconds: Int64(hour * Self.hour)) }

    private static func floor(_ value: Int, by width: Int) -> Int {
        value >= 0 ? value / width : -((-value + width - 1) / width)
    }
}
