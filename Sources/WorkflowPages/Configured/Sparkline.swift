import Mustache
import WorkflowModel

/// The last runtimes of a configuration, oldest first: one bar a run, as tall as it was long.
struct Sparkline: Sendable {
    /// Runs that it shows at most.
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
    init?(_ runs: [WorkflowRun]) {
        let ended = runs.compactMap { run in run.endedAt.map { (run, max(Duration.zero, $0 - run.createdAt)) } }
            .prefix(Self.most).reversed()
        guard let longest = ended.map(\.1).max(), let last = ended.last?.1 else { return nil }
        let offset = Self.most - ended.count
        bars = ended.enumerated().map { index, entry in
            let part = longest > .zero ? entry.1 / longest : 1
            let height = max(2, Int((part * Double(Self.height)).rounded()))
            return Bar(
                x: (offset + index) * Self.pitch + 2, y: Self.height - height, height: height,
                tone: entry.0.state.state.tone.rawValue)
        }
        let sorted = ended.map(\.1).sorted()
        let failed = ended.count { $0.0.state == .failed }
        summary =
            "Last \(CountText.text(ended.count, "runtime", "runtimes")): newest \(RuntimeText.text(last)), "
            + "median \(RuntimeText.text(sorted[sorted.count / 2])), longest \(RuntimeText.text(longest))"
            + (failed > 0 ? "; \(failed) failed" : "")
    }
}
