import Mustache
import WorkflowModel

/// The last durations of a workflow, oldest first: one bar per run, its height in proportion to the duration.
struct Sparkline: Sendable {
    /// Runs shown, at most.
    static let most = 20
    private static let height = 28
    private static let pitch = 6

    struct Bar: Sendable, MustacheParent {
        var x: Int
        var y: Int
        var height: Int
        var tone: String

        func child(named name: String) -> Any? {
            switch name {
            case "x": x
            case "y": y
            case "height": height
            case "tone": tone
            default: nil
            }
        }
    }

    var bars: [Bar]
    /// The same in words.
    var summary: String

    /// - Parameter runs: newest first.
    /// - Returns: nil when none has ended.
    init?(_ runs: [RecentRun]) {
        let ended = runs.compactMap { recent in
            recent.run.endedAt.map { (recent, max(Duration.zero, $0 - recent.run.createdAt)) }
        }.prefix(Self.most).reversed()
        guard let longest = ended.map(\.1).max() else { return nil }
        let offset = Self.most - ended.count
        bars = ended.enumerated().map { index, entry in
            let part = longest > .zero ? entry.1 / longest : 1
            let height = max(2, Int((part * Double(Self.height)).rounded()))
            return Bar(
                x: (offset + index) * Self.pitch + 2, y: Self.height - height, height: height,
                tone: entry.0.run.state.state.tone.rawValue)
        }
        func count(_ state: RunState, _ word: String) -> String? {
            let count = ended.count { $0.0.run.state == state }
            return count > 0 ? "\(count) \(word)" : nil
        }
        let words = [count(.succeeded, "succeeded"), count(.failed, "failed"), count(.canceled, "stopped")].compactMap(\.self)
        summary = "Last \(CountText.text(ended.count, "run", "runs")): \(words.joined(separator: ", "))"
        // The same runs as the percentiles beside it.
        let whole = ended.compactMap(\.0.wholeDuration).sorted()
        if let longest = whole.last {
            let median = RuntimeText.text(whole[(whole.count - 1) / 2])
            summary += "; complete successful runs: median \(median), longest \(RuntimeText.text(longest))"
        }
    }
}
