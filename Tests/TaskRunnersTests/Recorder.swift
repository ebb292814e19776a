import Synchronization
import WorkflowModel

/// Records the reports of a runner, and lets a test wait for output.
final class Recorder: TaskReport {
    private struct State {
        var events: [String] = []
        var endings: [TaskEnding] = []
        var bytes: [UInt8] = []
        var streams: [TaskStream: [UInt8]] = [:]
        var count = 0
        var largestPiece = 0
        var waiting: [(text: String, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())
    private let keeps: Bool

    /// - Parameter keeps: whether output is kept, or only counted.
    init(keeps: Bool = true) {
        self.keeps = keeps
    }

    var events: [String] { state.withLock { $0.events } }
    var endings: [TaskEnding] { state.withLock { $0.endings } }
    var count: Int { state.withLock { $0.count } }
    /// The size of the largest piece of output.
    var largestPiece: Int { state.withLock { $0.largestPiece } }
    var text: String { state.withLock { String(decoding: $0.bytes, as: UTF8.self) } }
    var lines: [String] { text.split(separator: "\n").map(String.init) }

    func text(of stream: TaskStream) -> String {
        state.withLock { String(decoding: $0.streams[stream] ?? [], as: UTF8.self) }
    }

    func began() async {
        state.withLock { $0.events.append("began") }
    }

    func printed(_ bytes: [UInt8], to stream: TaskStream) {
        let ready = state.withLock { state in
            state.count += bytes.count
            state.largestPiece = max(state.largestPiece, bytes.count)
            guard keeps else { return state.waiting }
            state.bytes += bytes
            state.streams[stream, default: []] += bytes
            let text = String(decoding: state.bytes, as: UTF8.self)
            let ready = state.waiting.filter { text.contains($0.text) }
            state.waiting.removeAll { text.contains($0.text) }
            return ready
        }
        for waiter in ready { waiter.continuation.resume() }
    }

    func recording() async {
        state.withLock { $0.events.append("recording") }
    }

    func wasEnded(_ ending: TaskEnding) async {
        state.withLock { $0.endings.append(ending) }
    }

    /// Returns when `text` has been printed.
    func hasPrinted(_ text: String) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if String(decoding: state.bytes, as: UTF8.self).contains(text) { return true }
                state.waiting.append((text, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }
}
