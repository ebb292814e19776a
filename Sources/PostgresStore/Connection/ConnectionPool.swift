import Dispatch
import Foundation
import Logging
import Synchronization
import WorkflowModel

/// A fixed number of threads, each with its own session, that execute requests.
///
/// A store method waits for a session as long as the store's patience, and so do all methods of one request together
/// (``StoreWait``). A request as a whole has a deadline, which bounds its statements and their retries as well. A lost
/// session is replaced with growing pauses; requests whose time ends meanwhile fail with `unavailable`.
final class ConnectionPool: Sendable {
    /// How often waiting requests are checked for timeout, per ``PostgresSettings/patience``.
    private static let looksPerPatience = 10

    private struct Request: Sendable {
        var perform: @Sendable (PostgresConnection) -> Void
        var fail: @Sendable (StoreError) -> Void
        var deadline: RequestDeadline?
        var wait = StoreWait.ofThisRequest ?? StoreWait()
    }

    /// The next step of a pool thread.
    private enum Turn {
        case answer(Request)
        /// The thread has no usable session. The value counts the lost sessions.
        case connect(losses: Int)
        /// The thread waits for its bell.
        case wait
        case end
    }

    private struct State {
        var waiting: [Request] = []
        /// The bells of idle threads. The last one to become idle is used first: its session is warm.
        var idle: [DispatchSemaphore] = []
        var isClosed = false
        var threads = 0
        var closing: CheckedContinuation<Void, Never>?
        /// Counts lost sessions. The cause, such as a server restart, may have ended all.
        var losses = 0
        /// Why the last attempt to open a session failed.
        var lastFailure: StoreError?
    }

    private let settings: PostgresSettings
    private let time: any TimeSource
    private let logger: Logger
    private let isPatient: Bool
    private let open: @Sendable () throws -> PostgresConnection
    private let state = Mutex(State())
    /// Wakes pausing threads when the pool closes.
    private let end = DispatchSemaphore(value: 0)
    private let sweeper = Mutex<Task<Void, Never>?>(nil)

    /// - Parameters:
    ///   - isPatient: whether requests wait for an unreachable server; otherwise they fail as soon as that is known.
    ///   - open: opens a session and sets it up.
    init(
        settings: PostgresSettings, time: any TimeSource, logger: Logger, isPatient: Bool = true,
        open: @escaping @Sendable () throws -> PostgresConnection
    ) {
        self.settings = settings
        self.time = time
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

    /// Requests that no session executes yet.
    var waitingCount: Int { state.withLock { $0.waiting.count } }

    /// Runs `body` with a session. Cancellation does not interrupt it: a statement that has begun either happens or fails.
    /// - Throws: what the body throws; `StoreError` when no session was free in time.
    func run<Value: Sendable>(_ body: @escaping @Sendable (PostgresConnection) throws -> Value) async throws -> Value {
        let deadline = RequestDeadline(ofThisRequestAt: time, standard: settings.longestRequest)
        return try await withCheckedThrowingContinuation { continuation in
            let request = Request(
                perform: { connection in continuation.resume(with: Result { try body(connection) }) },
                fail: { continuation.resume(throwing: $0) }, deadline: deadline)
            let (refusal, bell) = state.withLock { state -> (StoreError?, DispatchSemaphore?) in
                if state.isClosed { return (.closed(), nil) }
                if deadline?.isOver == true { return (state.lastFailure ?? .outOfTime(), nil) }
                guard state.waiting.count < PostgresSettings.longestQueue else {
                    let message = "Too many requests are waiting for a database connection."
                    return (StoreError(.unavailable, message, cause: state.lastFailure), nil)
                }
                state.waiting.append(request)
                // One thread per request: more would contend for it.
                return (nil, state.idle.popLast())
            }
            if let refusal { request.fail(refusal) }
            bell?.signal()
        }
    }

    /// Refuses new requests, and returns when the waiting ones have been answered and all sessions are closed.
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

    // MARK: On the pool's threads

    private func work() {
        let bell = DispatchSemaphore(value: 0)
        var connection: PostgresConnection?
        var pause = PostgresSettings.firstPause
        while true {
            switch nextTurn(with: connection, bell: bell) {
            case .answer(let request):
                guard let connection else { preconditionFailure("Only a thread with a session takes a request.") }
                guard request.deadline?.isOver != true else {
                    request.fail(.outOfTime())
                    continue
                }
                connection.deadline = request.deadline
                request.perform(connection)
                connection.deadline = nil
                if !connection.isUsable, !connection.wasCutShort { state.withLock { $0.losses += 1 } }
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

    /// Opens a session, or pauses after a failure.
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
        let lastFailure = state.withLock { $0.lastFailure.take() }
        if lastFailure != nil { logger.notice("connected to the database again") }
    }

    private func failedToOpen(_ error: any Error) {
        let reason = (error as? PostgresFailure).map(StoreError.storeError) ?? (error as? StoreError)
        let lastFailure = reason ?? StoreError(.unavailable, "The database cannot be used.", cause: error)
        let isNew = state.withLock { state in
            defer { state.lastFailure = lastFailure }
            return state.lastFailure == nil
        }
        if isNew { logger.error("cannot connect to the database; trying again", metadata: ["reason": "\(lastFailure.message)"]) }
    }

    private func failAll() {
        let (requests, lastFailure) = state.withLock { state in
            defer { state.waiting = [] }
            return (state.waiting, state.lastFailure)
        }
        for request in requests { request.fail(lastFailure ?? .closed()) }
    }

    private func giveUpOnThoseWhoWaitedTooLong() {
        let (late, lastFailure) = state.withLock { state -> ([Request], StoreError?) in
            // The first check may come right after the request.
            let isLate = state.waiting.map { $0.wait.add(lookInterval) > settings.patience || $0.deadline?.isOver == true }
            let late = zip(state.waiting, isLate).filter(\.1).map(\.0)
            state.waiting = zip(state.waiting, isLate).filter { !$0.1 }.map(\.0)
            return (late, state.lastFailure)
        }
        for request in late {
            request.fail(
                lastFailure ?? StoreError(.unavailable, "No database connection was free for \(settings.patience)."))
        }
    }
}

extension StoreError {
    fileprivate static func outOfTime() -> StoreError {
        StoreError(.unavailable, "The database did not answer before the request's deadline.")
    }
}
