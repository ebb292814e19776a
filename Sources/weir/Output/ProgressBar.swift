import WorkflowModel

/// A progress line that is redrawn, on a terminal only.
final class ProgressBar {
    private static let width = 24
    private static let interval = Duration.milliseconds(100)

    private let console: Console
    private let time: any TimeSource
    private let beganAt: Timestamp
    private var drawnAt: Timestamp?

    init(console: Console, time: any TimeSource = SystemTime()) {
        self.console = console
        self.time = time
        beganAt = time.now
    }

    var elapsed: Duration { time.now - beganAt }

    /// - Parameter line: makes the line for the elapsed time; called at most ten times per second.
    func show(_ line: (_ elapsed: Duration) -> String) {
        guard console.messagesAreTerminal else { return }
        let now = time.now
        if let drawnAt, now - drawnAt < Self.interval { return }
        drawnAt = now
        console.draw("\r\(line(now - beganAt).cut(toDisplayWidth: console.messageWidth - 1))\u{1B}[K")
    }

    func clear() {
        if drawnAt != nil { console.draw("\r\u{1B}[K") }
        drawnAt = nil
    }

    /// `[########----------------]  33%  120,000 runs  24,000/s  10s left`
    /// - Parameters:
    ///   - count: things done.
    ///   - fraction: the part of all things that is done; nil if unknown.
    static func line(_ count: Int, _ things: String, fraction: Double?, elapsed: Duration) -> String {
        let counted = "\(HumanText.count(count)) \(things)  \(HumanText.count(rate(count, elapsed)))/s"
        guard let fraction = fraction.map({ min(1, $0) }) else { return counted }
        let filled = Int(fraction * Double(width))
        let bar = String(repeating: "#", count: filled) + String(repeating: "-", count: width - filled)
        let percent = String(Int(fraction * 100))
        var line = "[\(bar)] \(String(repeating: " ", count: 3 - percent.count))\(percent)%  \(counted)"
        if fraction > 0, fraction < 1 {
            let left = Duration.seconds((elapsed / .seconds(1)) * (1 - fraction) / fraction)
            line += "  \(HumanText.duration(left)) left"
        }
        return line
    }

    static func rate(_ count: Int, _ elapsed: Duration) -> Int {
        Int(Double(count) / max(elapsed / .seconds(1), 0.001))
    }
}
