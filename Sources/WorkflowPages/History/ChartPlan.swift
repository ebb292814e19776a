public import WorkflowModel

/// The time range and the steps of the chart above a list.
public struct ChartPlan: Hashable, Sendable {
    /// Bars, at most.
    static let mostBars = 62
    /// Days before the last one, when the window has no start.
    static let standardDays = 29

    /// The filter of the runs to count.
    public var filter: RunFilter
    public var step: CountStep
    /// Whether runs are counted by their end, not by their creation.
    var isByEnd: Bool
    /// Steps per bar.
    var stepsPerBar: Int
    /// Whether the window has no start, so that the chart covers ``standardDays`` and the last day.
    var isStandard: Bool
    /// The start of the first bar and the end of the last one.
    var from: Timestamp
    var to: Timestamp

    /// - Returns: nil for an empty window.
    public init?(_ address: HistoryAddress, at now: Timestamp) {
        filter = address.filter
        isByEnd = filter.sortKey == .ended
        let window = (isByEnd ? filter.ended : filter.created) ?? TimeWindow()
        let end = min(window.to ?? .latest, now + .milliseconds(1))
        let start = window.from ?? CountStep.day.start(of: end + .seconds(-86_400 * Self.standardDays))
        guard start < end else { return nil }
        isStandard = window.from == nil
        step = end - start <= .seconds(50 * 3_600) ? .hour : .day
        let width = step.width.milliseconds
        from = step.start(of: start)
        let steps = Int((end.milliseconds - from.milliseconds + width - 1) / width)
        stepsPerBar = max(1, (steps + Self.mostBars - 1) / Self.mostBars)
        // Whole bars: the last one may end after now.
        let bars = (steps + stepsPerBar - 1) / stepsPerBar
        to = Timestamp(milliseconds: from.milliseconds + Int64(bars * stepsPerBar) * width)
        let counted = TimeWindow(from: start, to: window.to)
        if isByEnd { filter.ended = counted } else { filter.created = counted }
    }

    /// Which deleted runs belong into the chart; nil when their statistics cannot tell: they have no hours, ends or labels.
    public var deleted: StatisticsFilter? {
        guard step == .day, !isByEnd else { return nil }
        return StatisticsFilter(filter)
    }

    /// Days of a standard chart whose history is younger, at least.
    static let leastDays = 7

    /// Begins a standard chart with the first run: of a young history, thirty days would be one bar at the edge.
    public func fitted(to counts: [RunCount], deleted: [RunCount]) -> ChartPlan {
        guard isStandard, step == .day, stepsPerBar == 1,
            let first = (counts + deleted).map(\.start).min()
        else { return self }
        var plan = self
        let latest = Timestamp(milliseconds: to.milliseconds - Int64(Self.leastDays) * barWidth)
        plan.from = max(from, min(CountStep.day.start(of: first), latest))
        return plan
    }

    /// The days that a standard chart shows.
    var shownDays: Int { barCount }

    var barWidth: Int64 { step.width.milliseconds * Int64(stepsPerBar) }
    var barCount: Int { Int((to.milliseconds - from.milliseconds) / barWidth) }

    /// The window of a bar.
    func window(ofBar index: Int) -> TimeWindow {
        let start = from.milliseconds + Int64(index) * barWidth
        return TimeWindow(from: Timestamp(milliseconds: start), to: Timestamp(milliseconds: start + barWidth))
    }
}
