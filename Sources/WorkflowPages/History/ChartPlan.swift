public import WorkflowModel

/// Which part of time the chart above a list shows, and in which steps.
public struct ChartPlan: Hashable, Sendable {
    /// Bars at most.
    static let mostBars = 62
    /// Days before the last one that are shown of a window without a beginning.
    static let standardDays = 29

    /// What has to be counted.
    public var filter: RunFilter
    public var step: CountStep
    /// Steps that one bar stands for.
    var stepsPerBar: Int
    /// Where the first bar begins and the last one ends.
    var from: Timestamp
    var to: Timestamp

    /// - Returns: nil for a window that holds no time.
    public init?(_ address: HistoryAddress, at now: Timestamp) {
        filter = address.filter(at: now)
        let order = filter.order
        let window = (order == .created ? filter.created : filter.ended) ?? TimeWindow()
        let end = min(window.to ?? .latest, now + .milliseconds(1))
        let start = window.from ?? CountStep.day.start(of: end + .seconds(-86_400 * Self.standardDays))
        guard start < end else { return nil }
        step = end - start <= .seconds(50 * 3_600) ? .hour : .day
        let width = step.width.milliseconds
        from = step.start(of: start)
        let steps = Int((end.milliseconds - from.milliseconds + width - 1) / width)
        stepsPerBar = max(1, (steps + Self.mostBars - 1) / Self.mostBars)
        // Whole bars, the last of which may reach beyond now.
        let bars = (steps + stepsPerBar - 1) / stepsPerBar
        to = Timestamp(milliseconds: from.milliseconds + Int64(bars * stepsPerBar) * width)
        let counted = TimeWindow(from: start, to: window.to)
        switch order {
        case .created: filter.created = counted
        case .ended: filter.ended = counted
        }
    }

    var barWidth: Int64 { step.width.milliseconds * Int64(stepsPerBar) }
    var barCount: Int { Int((to.milliseconds - from.milliseconds) / barWidth) }

    /// The window of a bar.
    func window(ofBar index: Int) -> TimeWindow {
        let start = from.milliseconds + Int64(index) * barWidth
        return TimeWindow(from: Timestamp(milliseconds: start), to: Timestamp(milliseconds: start + barWidth))
    }
}
