import Dispatch
import Foundation
import Logging
import Synchronization
import WorkflowModel

/// A fixed number of threads, each with a session of its own, that do what they are asked to in turn.
///
/// Whoever asks waits for as long as the store's patience and not longer, over all that one request needs (``StoreWait``) and
/// whatever the server does: a session that is lost is
/// opened anew with growing pauses, and what waits meanwhile is answered that the store is unavailable when its time is over.
final class ConnectionPool: Sendable {
    /// So often is looked whether somebody has waited long enough, in one ``PostgresSettings/patience``.
    private static let looksPerPatience = 10

    private struct Request: Sendable {
        var perform: @Sendable (PostgresConnection) -> Void
        var fail: @Sendable (StoreError) -> Void
        var wait = StoreWait.ofThisRequest ?? StoreWait()
    }

    /// What a thread of the pool does next.
    private enum Turn {
        case answer(Request)
        /// It has no session that can be used; this many have been lost.
        case connect(losses: Int)
        /// Its bell will be rung.
        case wait
        case end
    }

    private struct State {
        var waiting: [Request] = []
        /// The bells of the threads that have nothing to do. Whoever came last is asked first: a session that was used a moment ago
        /// is at hand everywhere.
        var idle: [DispatchSemaphore] = []
        var isClosed = false
        var threads = 0
        var closing: CheckedContinuation<Void, Never>?
        /// Counts the sessions that were lost: whatever ended one, such as a server that went away, may have ended all.
        var losses = 0
        /// Why no session could be opened, the last time that it was tried.
        var trouble: StoreError?
    }

    private let settings: PostgresSettings
    private let logger: Logger
    private let isPatient: Bool
    private let open: @Sendable () throws -> PostgresConnection
    private let state = Mutex(State())
    /// Rung for the threads that pause when the pool closes.
    private let end = DispatchSemaphore(value: 0)
    private let sweeper = Mutex<Task<Void, Never>?>(nil)

    /// - Parameters:
    ///   - isPatient: whether requests wait for a server that cannot be reached; else they fail as soon as that is known.
    ///   - open: opens a session and makes it ready for statements.
    init(
        settings: PostgresSettings, time: any TimeSource, logger: Logger, isPatient: Bool = true,
        open: @escaping @Sendable () throws -> PostgresConnection
    ) {
        self.settings = settings
        self.logger = logger
        self.isPatient = isPatient
        self.open = open
        state.withLock { $0.threads = settings.connections }
        for _ in 0..<settings.connections {
            let thread = Thread { self.work() }
            thread.name = "weir-postgres"
            thread.start()
        }
        let task = Task { [weak self, lookInterval] in
            while (try? await time.sleep(for: lookInterval)) != nil { self?.giveUpOnThoseWhoWaitedTooLong() }
        }
        sweeper.withLock { $0 = task }
    }

    private var lookInterval: Duration { settings.patience / Self.looksPerPatience }

    /// Requests that no session has taken yet.
    var waitingCount: Int { state.withLock { $0.waiting.count } }

    /// Runs a body with a session of its own. Not interrupted by cancellation: what has begun either happens or fails.
    /// - Throws: what the body throws; `StoreError` when no session was free in time.
    func run<Value: Sendable>(_ body: @escaping @Sendable (PostgresConnection) throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let request = Request(
                perform: { connection in continuation.resume(with: Result { try body(connection) }) },
                fail: { continuation.resume(throwing: $0) })
            let (refusal, bell) = state.withLock { state -> (StoreError?, DispatchSemaphore?) in
                if state.isClosed { return (.closed(), nil) }
                guard state.waiting.count < PostgresSettings.longestQueue else {
                    return (StoreError(.unavailable, "Too many wait for the database already.", cause: state.trouble), nil)
                }
                state.waiting.append(request)
                // One thread for one request: to wake more would have them contend for it.
                return (nil, state.idle.popLast())
            }
            if let refusal { request.fail(refusal) }
            bell?.signal()
        }
    }

    /// Takes no more requests, and returns when those that wait have been answered and all sessions are closed.
    func close() async {
        sweeper.withLock { $0.take() }?.cancel()
        await withCheckedContinuation { continuation in
            let (isOver, idle) = state.withLock { state in
                state.isClosed = true
                if state.threads > 0 { state.closing = continuation }
                defer { state.idle = [] }
                return (state.threads == 0, state.idle)
            }
            if isOver { return continuation.resume() }
            for bell in idle { bell.signal() }
            for _ in 0..<settings.connections { end.signal() }
        }
    }

    // MARK: On the pool's own threads

    private func work() {
        let bell = DispatchSemaphore(value: 0)
        var connection: PostgresConnection?
        var pause = PostgresSettings.firstPause
        while true {
            switch nextTurn(with: connection, bell: bell) {
            case .answer(let request):
                guard let connection else { preconditionFailure("Only a thread with a session takes a request.") }
                request.perform(connection)
                if !connection.isUsable { state.withLock { $0.losses += 1 } }
            case .connect(let losses):
                connection = nil
                connection = connect(losses: losses, pause: &pause)
            case .wait:
                pause = PostgresSettings.firstPause
                bell.wait()
            case .end:
                connection = nil
                return ended()
            }
        }
    }

    private func nextTurn(with connection: PostgresConnection?, bell: DispatchSemaphore) -> Turn {
        let isAlive = connection?.checkIsAlive() == true
        return state.withLock { state in
            guard !state.waiting.isEmpty else {
                if state.isClosed { return .end }
                state.idle.append(bell)
                return .wait
            }
            guard isAlive, connection?.losses == state.losses else { return .connect(losses: state.losses) }
            return .answer(state.waiting.removeFirst())
        }
    }

    /// Opens a session; or pauses, when that cannot be done now.
    private func connect(losses: Int, pause: inout Duration) -> PostgresConnection? {
        do {
            let connection = try open()
            connection.losses = losses
            pause = PostgresSettings.firstPause
            recovered()
            return connection
        } catch {
            failedToOpen(error)
            if isClosed || !isPatient {
                failAll()
                return nil
            }
            _ = end.wait(timeout: .now() + .milliseconds(Int(pause.milliseconds)))
            pause = min(pause * 2, PostgresSettings.longestPause)
            return nil
        }
    }

    private func ended() {
        let continuation = state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.threads -= 1
            return state.threads == 0 ? state.closing.take() : nil
        }
        continuation?.resume()
    }

    private var isClosed: Bool { state.withLock { $0.isClosed } }

    private func recovered() {
        let trouble = state.withLock { $0.trouble.take() }
        if trouble != nil { logger.notice("connected to the database again") }
    }

    private func failedToOpen(_ error: any Error) {
        let reason = (error as? PostgresFailure).map(StoreError.storeError) ?? (error as? StoreError)
        let trouble = reason ?? StoreError(.unavailable, "The database cannot be used.", cause: error)
        let isNew = state.withLock { state in
            defer { state.trouble = trouble }
            return state.trouble == nil
        }
        if isNew { logger.error("cannot connect to the database; trying again", metadata: ["reason": "\(trouble.message)"]) }
    }

    private func failAll() {
        let (requests, trouble) = state.withLock { state in
            defer { state.waiting = [] }
            return (state.waiting, state.trouble)
        }
        for request in requests { request.fail(trouble ?? .closed()) }
    }

    private func giveUpOnThoseWhoWaitedTooLong() {
        let (late, trouble) = state.withLock { state -> ([Request], StoreError?) in
            // The first look may come right after the request did.
            let isLate = state.waiting.map { $0.wait.add(lookInterval) > settings.patience }
            let late = zip(state.waiting, isLate).filter(\.1).map(\.0)
            state.waiting = zip(state.waiting, isLate).filter { !$0.1 }.map(\.0)
            return (late, state.trouble)
        }
        for request in late {
            request.fail(
                trouble ?? StoreError(.unavailable, "The database had no connection free for \(settings.patience)."))
        }
    }
}
