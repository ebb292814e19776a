import Foundation
import Logging
import Synchronization
import WorkflowModel

/// Tells the other nodes of signals, and listens to theirs, over a session of its own (LISTEN and NOTIFY).
///
/// Nothing depends on it but how soon others look: what it could not tell or did not hear, they find when they look from time
/// to time. It tells after the commit rather than in it, because a server lets only one transaction at a time commit that
/// tells something.
final class SignalExchange: Sendable {
    static let channel = "weir"
    /// Signals that wait for the session at most; more are not told.
    static let longestQueue = 1_000

    private struct State {
        var unsent: Set<StoreSignal> = []
        var isClosed = false
        var started: CheckedContinuation<Void, Never>?
        var ended: CheckedContinuation<Void, Never>?
        var hasEnded = false
    }

    private let node: String
    private let board: SignalBoard
    private let logger: Logger
    private let open: @Sendable () throws -> PostgresConnection
    private let state = Mutex(State())
    /// Ends the wait of the thread.
    private let wake: WakePipe

    init(
        node: String, board: SignalBoard, logger: Logger, open: @escaping @Sendable () throws -> PostgresConnection
    ) throws(StoreError) {
        self.node = node
        self.board = board
        self.logger = logger
        self.open = open
        wake = try WakePipe()
    }

    /// Returns once it listens, or could not the first time.
    func start() async {
        await withCheckedContinuation { continuation in
            state.withLock { $0.started = continuation }
            let thread = Thread { self.work() }
            thread.name = "weir-signals"
            thread.start()
        }
    }

    func send(_ signals: Set<StoreSignal>) {
        state.withLock { state in
            if state.unsent.count < Self.longestQueue { state.unsent.formUnion(signals) }
        }
        wake.ring()
    }

    /// Returns when its session is closed.
    func close() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                state.isClosed = true
                if !state.hasEnded { state.ended = continuation }
                return state.hasEnded
            }
            if isOver { continuation.resume() } else { wake.ring() }
        }
    }

    // MARK: On its own thread

    private func work() {
        var pause = PostgresSettings.firstPause
        var isFirst = true
        while !isClosed {
            do {
                let connection = try open()
                try connection.control("LISTEN \(Self.channel)")
                // What was told while nobody listened.
                if !isFirst { board.send([.work, .schedules]) }
                hasStarted()
                pause = PostgresSettings.firstPause
                try exchange(over: connection)
            } catch {
                if pause == PostgresSettings.firstPause, !isClosed {
                    logger.warning("cannot hear the other nodes for now", metadata: error.logMetadata)
                }
                hasStarted()
                wake.wait(atMost: pause)
                pause = min(pause * 2, PostgresSettings.longestPause)
            }
            isFirst = false
        }
        state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.hasEnded = true
            return state.ended.take()
        }?.resume()
    }

    private var isClosed: Bool { state.withLock { $0.isClosed } }

    private func hasStarted() {
        state.withLock { $0.started.take() }?.resume()
    }

    /// - Throws: ``PostgresFailure`` when the session is over.
    private func exchange(over connection: PostgresConnection) throws {
        while !isClosed {
            for signal in state.withLock({ $0.unsent.takeAll() }) {
                _ = try connection.execute("SELECT pg_notify($1, $2)", [Self.channel, text(signal)])
            }
            let heard = try connection.takeNotifications().compactMap(signal)
            board.send(Set(heard))
            guard state.withLock({ $0.unsent.isEmpty }) else { continue }
            wake.wait(with: connection.socket)
        }
    }

    private func text(_ signal: StoreSignal) -> String {
        switch signal {
        case .work: "\(node) work"
        case .stop(let run): "\(node) stop \(run.rawValue)"
        case .schedules: "\(node) schedules"
        }
    }

    /// nil for what this node has told itself, and for what only newer nodes understand.
    private func signal(_ text: String) -> StoreSignal? {
        let words = text.split(separator: " ", maxSplits: 2)
        guard words.count >= 2, words[0] != node else { return nil }
        switch words[1] {
        case "work": return .work
        case "schedules": return .schedules
        case "stop": return words.count == 3 ? .stop(RunID(rawValue: String(words[2]))) : nil
        default: return nil
        }
    }
}

extension Error {
    fileprivate var logMetadata: Logger.Metadata {
        ["reason": "\((StoreError.error(for: self) as? StoreError)?.message ?? "\(self)")"]
    }
}

extension Set {
    fileprivate mutating func takeAll() -> Set {
        defer { removeAll() }
        return self
    }
}
