import WorkflowModel

/// The bar that `weir import` draws on a terminal.
final class ImportProgress {
    private static let barWidth = 24
    private static let interval = Duration.milliseconds(100)

    private let console: Console
    private let size: Int?
    private let time: any TimeSource
    private let beganAt: Timestamp
    private var drawnAt: Timestamp?

    /// - Parameter size: bytes of the file; nil where that is unknown.
    init(console: Console, size: Int?, time: any TimeSource = SystemTime()) {
        self.console = console
        self.size = size
        self.time = time
        beganAt = time.now
    }

    var elapsed: Duration { time.now - beganAt }

    func show(_ totals: ImportTotals) {
        guard console.messagesAreTerminal else { return }
        let now = time.now
        if let drawnAt, now - drawnAt < Self.interval { return }
        drawnAt = now
        console.draw("\r\(Self.line(totals, size: size, elapsed: now - beganAt))\u{1B}[K")
    }

    func clear() {
        if drawnAt != nil { console.draw("\r\u{1B}[K") }
    }

    /// `[########----------------]  33%  120,000 runs  24,000/s  10s left`
    static func line(_ totals: ImportTotals, size: Int?, elapsed: Duration) -> String {
        let runs = "\(HumanText.count(totals.runs)) runs  \(HumanText.count(rate(totals.runs, elapsed)))/s"
        guard let size, size > 0 else { return runs }
        let fraction = min(1, Double(totals.bytes) / Double(size))
        let filled = Int(fraction * Double(barWidth))
        let bar = String(repeating: "#", count: filled) + String(repeating: "-", count: barWidth - filled)
        let percent = String(Int(fraction * 100))
        var line = "[\(bar)] \(String(repeating: " ", count: 3 - percent.count))\(percent)%  \(runs)"
        if fraction > 0, fraction < 1 {
            let left = Duration.seconds((elapsed / .seconds(1)) * (1 - fraction) / fraction)
            line += "  \(HumanText.duration(left)) left"
        }
        return line
    }

    static func rate(_ runs: Int, _ elapsed: Duration) -> Int {
        Int(Double(runs) / max(elapsed / .seconds(1), 0.001))
    }
}
