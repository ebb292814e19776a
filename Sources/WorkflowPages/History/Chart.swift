import Mustache
import WorkflowModel

/// The bars above a list: runs by time and state. Each bar is a link that narrows the list to its time.
///
/// Runs that retention deleted are drawn apart, above the others. A bar of only such runs is no link: its list would be empty.
struct Chart: Sendable {
    static let height = 112

    struct Key: Sendable {
        var tone: String
        var label: String
        var count: String
    }

    struct Part: Sendable, MustacheParent {
        var tone: String
        var x: String
        var width: String
        var y: Int
        var height: Int
        var isDeleted = false

        func child(named name: String) -> Any? {
            switch name {
            case "tone": tone
            case "x": x
            case "width": width
            case "y": y
            case "height": height
            case "isDeleted": isDeleted
            default: nil
            }
        }
    }

    struct Bar: Sendable, MustacheParent {
        /// nil for a bar that has only deleted runs.
        var href: String?
        /// The start of the bar and its counts.
        var label: String
        var x: String
        var width: String
        var parts: [Part]
        var start: TimeText
        var counts: [String]
        /// Whether the Tab key stops here. The arrow keys reach every bar.
        var isStop = false

        func child(named name: String) -> Any? {
            switch name {
            case "href": href
            case "label": label
            case "x": x
            case "width": width
            case "parts": parts
            case "start": start
            case "counts": counts
            case "isStop": isStop
            default: nil
            }
        }
    }

    var title: String
    var peak: String
    var legend: [Key]
    /// The number of deleted runs; nil without any.
    var deleted: String?
    var bars: [Bar]
    var ticks: [TimeText]

    /// - Parameters:
    ///   - deleted: runs that retention deleted, by day.
    ///   - isWhole: false when counting may have stopped before all runs were counted, the newest first.
    /// - Returns: nil when no run was counted.
    init?(_ plan: ChartPlan, counts: [RunCount], deleted: [RunCount] = [], isWhole: Bool, of address: HistoryAddress) {
        let (existing, gone) = (Self.sums(of: counts, plan), Self.sums(of: deleted, plan))
        let sums = zip(existing, gone).map { BarSums(existing: $0, deleted: $1) }
        let most = sums.map(\.total).max() ?? 0
        guard most > 0 else { return nil }
        peak = CountText.text(most)
        legend = Self.groups.enumerated().map { index, group in
            Key(
                tone: group.tone.rawValue, label: group.label,
                count: CountText.text(sums.reduce(0) { $0 + $1.existing[index] }))
        }
        let deletedRuns = sums.reduce(0) { $0 + $1.deletedTotal }
        self.deleted = deletedRuns > 0 ? CountText.text(deletedRuns) : nil
        let unit =
            plan.step == .hour
            ? (plan.stepsPerBar == 1 ? "hour" : "\(plan.stepsPerBar) hours")
            : (plan.stepsPerBar == 1 ? "day" : "\(plan.stepsPerBar) days")
        let span = plan.isStandard ? " in the last \(plan.shownDays) days" : ""
        title = "Runs by \(plan.isByEnd ? "end" : "start")\(span), per \(unit)\(isWhole ? "" : "; older runs are not counted")"
        // Runs are counted from the newest back.
        let counted = isWhole ? 0 : sums.firstIndex { $0.existing.contains { $0 > 0 } } ?? sums.count
        bars = sums.enumerated().map { index, sum in
            Self.bar(
                index, sum, isCounted: index >= counted, withDeleted: deletedRuns > 0, plan: plan, most: most, address: address)
        }
        if let stop = bars.lastIndex(where: { $0.href != nil && !$0.parts.isEmpty })
            ?? bars.lastIndex(where: { $0.href != nil })
        {
            bars[stop].isStop = true
        }
        let places = [0, plan.barCount / 2, plan.barCount - 1]
        ticks = (plan.barCount > 2 ? places : [0]).compactMap { plan.window(ofBar: $0).from }.map { TimeText($0) }
    }

    private static let groups: [(tone: Tone, label: String)] = [
        (.succeeded, "Succeeded"), (.failed, "Failed"), (.stopped, "Stopped"), (.active, "In progress"),
    ]

    /// The runs of each bar by group.
    private static func sums(of counts: [RunCount], _ plan: ChartPlan) -> [[Int]] {
        var sums = [[Int]](repeating: [Int](repeating: 0, count: groups.count), count: plan.barCount)
        for count in counts {
            let bar = Int((count.start.milliseconds - plan.from.milliseconds) / plan.barWidth)
            guard sums.indices.contains(bar), count.start >= plan.from else { continue }
            for (state, number) in count.byState { sums[bar][group(of: state)] += number }
        }
        return sums
    }

    private static func group(of state: RunState) -> Int {
        switch state {
        case .succeeded: 0
        case .failed: 1
        case .canceled: 2
        case .scheduled, .started, .inProgress, .runningWithFailures, .stopping: 3
        }
    }

    /// - Parameters:
    ///   - isCounted: false for a bar before the oldest run that was counted.
    ///   - withDeleted: whether the chart has deleted runs, so that every bar says how many.
    private static func bar(
        _ index: Int, _ sum: BarSums, isCounted: Bool, withDeleted: Bool, plan: ChartPlan, most: Int, address: HistoryAddress
    ) -> Bar {
        let slot = 100 / Double(plan.barCount)
        let window = plan.window(ofBar: index)
        var narrowed = address.filter
        if plan.isByEnd { narrowed.ended = window } else { narrowed.created = window }
        let start = TimeText(window.from ?? plan.from)
        let hasOnlyDeleted = sum.total > 0 && sum.total == sum.deletedTotal
        let deleted = withDeleted ? [CountText.text(sum.deletedTotal)] : []
        return Bar(
            href: hasOnlyDeleted ? nil : address.narrowed(to: narrowed).href,
            label: "\(start.utc): \(isCounted ? sum.words : "not counted")",
            x: percent(Double(index) * slot), width: percent(slot), parts: parts(of: sum, bar: index, slot: slot, most: most),
            start: start,
            counts: sum.existing.map { isCounted ? CountText.text($0) : "not counted" } + deleted)
    }

    private static func parts(of sum: BarSums, bar index: Int, slot: Double, most: Int) -> [Part] {
        let gap = slot * 0.15
        var below = 0
        var parts: [Part] = []
        for (numbers, isDeleted) in [(sum.existing, false), (sum.deleted, true)] {
            for (number, group) in zip(numbers, groups) where number > 0 {
                // Every part is at least 2 pixels high, so that small counts stay visible.
                let bottom = height - Int((Double(below) / Double(most) * Double(height)).rounded())
                let top = height - Int((Double(below + number) / Double(most) * Double(height)).rounded())
                parts.append(
                    Part(
                        tone: group.tone.rawValue, x: percent(Double(index) * slot + gap), width: percent(slot - 2 * gap),
                        y: max(0, min(top, bottom - 2)), height: max(2, bottom - top), isDeleted: isDeleted))
                below += number
            }
        }
        return parts
    }

    static func percent(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        let rest = hundredths % 100
        return rest == 0 ? "\(hundredths / 100)" : "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}

/// The runs of a bar, by the groups of the legend.
private struct BarSums {
    var existing: [Int]
    var deleted: [Int]

    var deletedTotal: Int { deleted.reduce(0, +) }
    var total: Int { existing.reduce(0, +) + deletedTotal }

    /// Says the numbers, without those that are zero.
    var words: String {
        func words(_ numbers: [Int]) -> String {
            zip(numbers, ["succeeded", "failed", "stopped", "in progress"]).filter { $0.0 > 0 }
                .map { "\(CountText.text($0.0)) \($0.1)" }.joined(separator: ", ")
        }
        let (here, gone) = (words(existing), words(deleted))
        if gone.isEmpty { return here.isEmpty ? "no runs" : here }
        return (here.isEmpty ? "" : here + "; ") + "deleted by retention: " + gone
    }
}
