import Mustache
import WorkflowModel

/// The newest runs of a workflow, oldest first: a bar for each, coloured by its state and as high as its duration.
///
/// Dotted lines show the median and the 95th percentile of complete successful runs. A run that has not ended is as high as the
/// longest one, so that the strip does not change with every second.
struct RunStrip: Sendable {
    /// Runs shown at most.
    static let most = 60
    static let height = 64
    /// Of the bar of a run that takes no time at all.
    private static let lowest = 3

    struct Bar: Sendable, MustacheParent {
        var href: String
        var label: String
        var tone: String
        var x: String
        var width: String
        var y: Int
        var height: Int
        var start: TimeText
        /// Whether the Tab key stops here. The arrow keys reach every bar.
        var isStop: Bool

        func child(named name: String) -> Any? {
            switch name {
            case "href": href
            case "label": label
            case "tone": tone
            case "x": x
            case "width": width
            case "y": y
            case "height": height
            case "start": start
            case "isStop": isStop
            default: nil
            }
        }
    }

    /// A percentile: its line, and the text beside the strip.
    struct Line: Sendable, MustacheParent {
        var y: Int
        var label: String

        func child(named name: String) -> Any? {
            switch name {
            case "y": y
            case "label": label
            default: nil
            }
        }
    }

    var title: String
    var bars: [Bar]
    var lines: [Line]

    /// - Parameter runs: newest first.
    /// - Returns: nil without a run.
    init?(_ runs: [RecentRun]) {
        let shown = runs.prefix(Self.most).reversed().map(\.run)
        guard !shown.isEmpty else { return nil }
        let imported = runs.prefix(Self.most).count { $0.isImported }
        title =
            (shown.count == 1 ? "The only run" : "Last \(CountText.text(shown.count, "run", "runs"))")
            + (imported == 0 ? "" : imported == shown.count ? ", imported" : ", of which \(CountText.text(imported)) imported")
        let durations = shown.map { run in run.endedAt.map { max(Duration.zero, $0 - run.createdAt) } }
        let longest = durations.compactMap(\.self).max() ?? .zero
        let slot = 100 / Double(Self.most)
        // The newest run stands at the right edge, also of a young workflow.
        let offset = Self.most - shown.count
        func height(_ duration: Duration?) -> Int {
            let part = longest > .zero ? (duration ?? longest) / longest : 1
            return max(Self.lowest, Int((part * Double(Self.height)).rounded()))
        }
        bars = zip(shown, durations).enumerated().map { index, entry in
            let (run, duration) = entry
            let start = TimeText(run.createdAt)
            let words = duration.map { ", \(RuntimeText.text($0))" } ?? ""
            return Bar(
                href: PageAddress.run(run.id), label: "\(start.utc): \(run.state.state.label)\(words)",
                tone: run.state.state.tone.rawValue, x: Chart.percent((Double(offset + index) + 0.1) * slot),
                width: Chart.percent(0.8 * slot), y: Self.height - height(duration), height: height(duration), start: start,
                isStop: index == shown.count - 1)
        }
        lines = []
        guard let record = RunRecord(Array(runs.prefix(Self.most)), most: Self.most) else { return }
        for (name, duration) in [("p95", record.percentile95), ("p50", record.median)] {
            guard let duration, duration <= longest else { continue }
            lines.append(Line(y: Self.height - height(duration), label: "\(name) \(RuntimeText.text(duration))"))
        }
    }
}
