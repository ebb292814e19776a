import Dispatch
import Synchronization
import WorkflowModel

/// Writes the lines of the log in order, on a thread of its own.
///
/// A reader that stops reading (a paused collector, a terminal after Ctrl-S) blocks writes. Only this thread blocks: when
/// ``capacity`` lines wait, further lines are dropped, and the next written line is preceded by their number.
final class LogWriter: Sendable {
    static let standard = LogWriter(to: .standard)
    /// The most lines that wait to be written.
    static let capacity = 1_024

    private let console: Console
    private let queue = DispatchQueue(label: "weir.log")
    private let unwritten = DispatchGroup()
    private let counts = Mutex((waiting: 0, dropped: 0))

    init(to console: Console) {
        self.console = console
    }

    /// Never blocks.
    func write(_ line: String) {
        let isTaken = counts.withLock { counts in
            guard counts.waiting < Self.capacity else {
                counts.dropped += 1
                return false
            }
            counts.waiting += 1
            return true
        }
        guard isTaken else { return }
        queue.async(group: unwritten) { [self] in
            let dropped = counts.withLock { counts in
                defer { counts.dropped = 0 }
                return counts.dropped
            }
            if dropped > 0 { console.note("weir: dropped \(dropped) lines of the log, because the reader is too slow") }
            console.note(line)
            counts.withLock { $0.waiting -= 1 }
        }
    }

    /// Waits until all lines so far are written, at most for `limit`.
    func flush(atMost limit: Duration) {
        _ = unwritten.wait(timeout: .now() + .milliseconds(Int(limit.milliseconds)))
    }
}
