import Foundation
import Logging
import StoreCore
import Synchronization
import WorkflowModel

/// Sends signals to the other nodes and receives theirs, over its own session (LISTEN and NOTIFY).
///
/// Signals only save time: a lost one is made up for by the next poll. They are sent after the commit, because a server
/// serializes commits of transactions that notify.
final class SignalExchange: Sendable {
    static let channel = "weir"
    /// Most signals that wait for the session; more are dropped.
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
    /// Wakes the thread.
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

    /// Returns once it listens, or the first attempt has failed.
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

    // MARK: On its thread

    private func work() {
        var pause = PostgresSettings.firstPause
        var isFirst = true
        while !isClosed {
            do {
                let connection = try open()
                try connection.control("LISTEN \(Self.channel)")
                // Signals may have been missed while no session listened.
                if !isFirst { board.send([.work, .schedules, .triggers]) }
                hasStarted()
                pause = PostgresSettings.firstPause
                try exchange(over: connection)
            } catch {
                if pause == PostgresSettings.firstPause, !isClosed {
                    logger.warning("cannot receive signals of other nodes; trying again", metadata: error.logMetadata)
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
        case .endings(let run): "\(node) end \(run.rawValue)"
        case .schedules: "\(node) schedules"
        case .triggers: "\(node) triggers"
        }
    }

    /// nil for this node's own signals, and for those that only newer versions know.
    private func signal(_ text: String) -> StoreSignal? {
        let words = text.split(separator: " ", maxSplits: 2)
        guard words.count >= 2, words[0] != node else { return nil }
        switch words[1] {
        case "work": return .work
        case "schedules": return .schedules
        case "triggers": return .triggers
        case "stop": return words.count == 3 ? .stop(RunID(rawValue: String(words[2]))) : nil
        case "end": return words.count == 3 ? .endings(RunID(rawValue: String(words[2]))) : nil
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
