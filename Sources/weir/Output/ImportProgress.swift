import WorkflowModel
import WorkflowOperations

/// The progress bar of `weir import` on a terminal.
final class ImportProgress {
    private let bar: ProgressBar
    private let size: Int?

    /// - Parameter size: bytes of the file; nil if unknown.
    init(console: Console, size: Int?, time: any TimeSource = SystemTime()) {
        bar = ProgressBar(console: console, time: time)
        self.size = size
    }

    var elapsed: Duration { bar.elapsed }

    func show(_ totals: ImportTotals) {
        bar.show { Self.line(totals, size: size, elapsed: $0) }
    }

    func clear() {
        bar.clear()
    }

    static func line(_ totals: ImportTotals, size: Int?, elapsed: Duration) -> String {
        let size = size.flatMap { $0 > 0 ? $0 : nil }
        return ProgressBar.line(
            totals.runs, "runs", fraction: size.map { Double(totals.bytes) / Double($0) }, elapsed: elapsed)
    }

    static func rate(_ runs: Int, _ elapsed: Duration) -> Int {
        ProgressBar.rate(runs, elapsed)
    }
}
