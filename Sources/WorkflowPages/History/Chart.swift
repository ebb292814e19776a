import Mustache
import WorkflowModel

/// The bars above a list: runs by time and state. Each bar is a link that narrows the list to its time.
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

        func child(named name: String) -> Any? {
            switch name {
            case "tone": tone
            case "x": x
            case "width": width
            case "y": y
            case "height": height
            default: nil
            }
        }
    }

    struct Bar: Sendable, MustacheParent {
        var href: String
        /// The start of the bar and its counts.
        var label: String
        var x: String
        var width: String
        var parts: [Part]
        var start: TimeText
        var counts: [String]

        func child(named name: String) -> Any? {
            switch name {
            case "href": href
            case "label": label
            case "x": x
            case "width": width
            case "parts": parts
            case "start": start
            case "counts": counts
            default: nil
            }
        }
    }

    var title: String
    var peak: String
    var legend: [Key]
    var bars: [Bar]
    var ticks: [TimeText]

    /// - Parameter isWhole: false when counting may have stopped before all runs were counted, the newest first.
    /// - Returns: nil when no run was counted.
    init?(_ plan: ChartPlan, counts: [RunCount], isWhole: Bool, of address: HistoryAddress) {
        let groups: [(tone: Tone, label: String)] = [
            (.succeeded, "Succeeded"), (.failed, "Failed"), (.stopped, "Stopped"), (.active, "In progress"),
        ]
        var sums = [[Int]](repeating: [Int](repeating: 0, count: groups.count), count: plan.barCount)
        for count in counts {
            let bar = Int((count.start.milliseconds - plan.from.milliseconds) / plan.barWidth)
            guard sums.indices.contains(bar), count.start >= plan.from else { continue }
            for (state, number) in count.byState { sums[bar][Self.group(of: state)] += number }
        }
        guard sums.contains(where: { $0.contains { $0 > 0 } }) else { return nil }
        let most = sums.map { $0.reduce(0, +) }.max() ?? 1
        peak = CountText.text(most)
        legend = groups.enumerated().map { index, group in
            Key(tone: group.tone.rawValue, label: group.label, count: CountText.text(sums.reduce(0) { $0 + $1[index] }))
        }
        let unit =
            plan.step == .hour
            ? (plan.stepsPerBar == 1 ? "hour" : "\(plan.stepsPerBar) hours")
            : (plan.stepsPerBar == 1 ? "day" : "\(plan.stepsPerBar) days")
        let span = plan.isStandard ? " in the last \(ChartPlan.standardDays + 1) days" : ""
        title = "Runs by \(plan.isByEnd ? "end" : "start")\(span), per \(unit)\(isWhole ? "" : "; older runs are not counted")"
        bars = sums.enumerated().map { index, sum in
            Self.bar(index, sum, groups.map(\.tone), plan: plan, most: most, address: address)
        }
        let places = [0, plan.barCount / 2, plan.barCount - 1]
        ticks = (plan.barCount > 2 ? places : [0]).compactMap { plan.window(ofBar: $0).from }.map { TimeText($0) }
    }

    private static func group(of state: RunState) -> Int {
        switch state {
        case .succeeded: 0
        case .failed: 1
        case .canceled: 2
        case .scheduled, .started, .inProgress, .runningWithFailures, .stopping: 3
        }
    }

    private static func bar(
        _ index: Int, _ sum: [Int], _ tones: [Tone], plan: ChartPlan, most: Int, address: HistoryAddress
    ) -> Bar {
        let slot = 100 / Double(plan.barCount)
        let gap = slot * 0.15
        let window = plan.window(ofBar: index)
        var narrowed = address.filter
        if plan.isByEnd { narrowed.ended = window } else { narrowed.created = window }
        let start = TimeText(window.from ?? plan.from)
        let total = sum.reduce(0, +)
        var below = 0
        var parts: [Part] = []
        for (number, tone) in zip(sum, tones) where number > 0 {
            // Every part is at least 2 pixels high, so that small counts stay visible.
            let bottom = height - Int((Double(below) / Double(most) * Double(height)).rounded())
            let top = height - Int((Double(below + number) / Double(most) * Double(height)).rounded())
            parts.append(
                Part(
                    tone: tone.rawValue, x: percent(Double(index) * slot + gap), width: percent(slot - 2 * gap),
                    y: max(0, min(top, bottom - 2)), height: max(2, bottom - top)))
            below += number
        }
        let words = zip(sum, ["succeeded", "failed", "stopped", "in progress"]).filter { $0.0 > 0 }
            .map { "\(CountText.text($0.0)) \($0.1)" }
        let counted = total == 0 ? "no runs" : words.joined(separator: ", ")
        return Bar(
            href: address.narrowed(to: narrowed).href, label: "\(start.utc): \(counted)", x: percent(Double(index) * slot),
            width: percent(slot), parts: parts, start: start,
            counts: sum.map(CountText.text))
    }

    static func percent(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        let rest = hundredths % 100
        return rest == 0 ? "\(hundredths / 100)" : "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}
