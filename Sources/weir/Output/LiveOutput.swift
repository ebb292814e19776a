import Dispatch
import Synchronization
import WorkflowModel

/// Prints the output of several tasks while they run, line by line, each line after the id of its task.
///
/// A thread of its own writes: tasks never wait for the reader. When more than ``mostWaiting`` bytes wait, further lines are dropped,
/// and the next written line is preceded by their number.
final class LiveOutput: Sendable {
    /// Bytes that wait to be written, at most.
    static let mostWaiting = 4 << 20
    /// Bytes of one line, at most. A longer one is printed in pieces.
    static let longestLine = 65_536

    private struct State {
        var waiting = 0
        var dropped = 0
        var failure: CommandFailure?
    }

    private let console: Console
    private let form: OutputForm
    /// The columns of the longest id.
    private let width: Int
    private let queue = DispatchQueue(label: "weir.run.output")
    private let state = Mutex(State())

    /// - Parameter tasks: the ids of the tasks.
    init(console: Console, tasks: [String]) {
        self.console = console
        form = console.outputIsTerminal ? .styled : .plain
        width = tasks.map(\.utf8.count).max() ?? 0
    }

    /// The lines of one attempt.
    func attempt(of task: String) -> AttemptLines {
        let gap = String(repeating: " ", count: max(0, width - task.utf8.count))
        return AttemptLines(prefix: "\(task)\(gap) | ", form: form) { self.write($0) }
    }

    /// Waits until everything is written. Blocks.
    /// - Throws: ``CommandFailure`` (74) for lines that could not be written. A closed pipe is not a failure: the run goes on without a
    ///   reader.
    func flush() throws(CommandFailure) {
        queue.sync {}
        if let failure = state.withLock({ $0.failure }) { throw failure }
    }

    private func write(_ line: [UInt8]) {
        let isTaken = state.withLock { state in
            guard state.waiting + line.count <= Self.mostWaiting else {
                state.dropped += 1
                return false
            }
            state.waiting += line.count
            return true
        }
        guard isTaken else { return }
        queue.async { [self] in
            let dropped = state.withLock { state in
                defer { state.dropped = 0 }
                return state.dropped
            }
            if dropped > 0 { console.note("weir: dropped \(dropped) lines of output, because the reader is too slow") }
            do {
                try console.write(line)
            } catch {
                if let failure = error as? CommandFailure { state.withLock { $0.failure = failure } }
            }
            state.withLock { $0.waiting -= line.count }
        }
    }
}

/// Divides the output of one attempt into lines, without control sequences. A line has the output of one stream.
final class AttemptLines: Sendable {
    private struct State {
        var filter: OutputFilter
        var line: [UInt8] = []
    }

    private struct Streams {
        var stdout: State
        var stderr: State
    }

    private let prefix: [UInt8]
    private let write: @Sendable ([UInt8]) -> Void
    private let state: Mutex<Streams>

    init(prefix: String, form: OutputForm, write: @escaping @Sendable ([UInt8]) -> Void) {
        self.prefix = Array(prefix.utf8)
        self.write = write
        let begin = State(filter: OutputFilter(form: form))
        state = Mutex(Streams(stdout: begin, stderr: begin))
    }

    func add(_ bytes: [UInt8], from stream: TaskStream) {
        state.withLock { streams in
            switch stream {
            case .stdout: take(streams.stdout.filter.filtered(bytes, isLast: false), &streams.stdout)
            case .stderr: take(streams.stderr.filter.filtered(bytes, isLast: false), &streams.stderr)
            }
        }
    }

    /// Prints the rest, which has no line break.
    func end() {
        state.withLock { streams in
            endRest(&streams.stdout)
            endRest(&streams.stderr)
        }
    }

    private func endRest(_ state: inout State) {
        take(state.filter.filtered([], isLast: true), &state)
        if !state.line.isEmpty { end(&state) }
    }

    private func take(_ bytes: [UInt8], _ state: inout State) {
        for byte in bytes {
            if byte == UInt8(ascii: "\n") || state.line.count >= LiveOutput.longestLine { end(&state) }
            if byte != UInt8(ascii: "\n") { state.line.append(byte) }
        }
    }

    private func end(_ state: inout State) {
        write(prefix + state.line + [UInt8(ascii: "\n")])
        state.line = []
    }
}
