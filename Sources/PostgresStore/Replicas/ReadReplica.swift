import Logging
import StoreCore
import Synchronization
import WorkflowModel

/// The result of a read from a standby.
enum ReplicaAnswer<Value: Sendable>: Sendable {
    case value(Value)
    /// The standby did not answer: read from the primary.
    case none
}

/// A standby that answers reads as long as it works and is not behind. Otherwise it is left out and probed with growing
/// pauses; no request waits for it meanwhile.
final class ReadReplica: Sendable {
    private struct State {
        var isUsed = false
        var isClosed = false
        var inProgress = 0
        var answered = 0
        /// Whether the log says that it is left out.
        var isSaid = false
        var probe: Task<Void, Never>?
    }

    private let name: String
    private let pool: ConnectionPool
    private let log: PrimaryLog
    private let time: any TimeSource
    private let logger: Logger
    private let limits: ReplicaLimits
    private let state = Mutex(State())

    init(session: Session, log: PrimaryLog, time: any TimeSource, logger: Logger) {
        name = session.address.place
        self.log = log
        self.time = time
        self.logger = logger
        limits = session.settings.replicas
        var settings = session.settings
        settings.patience = limits.patience
        pool = ConnectionPool(
            settings: settings, time: time, logger: Logger(label: logger.label) { _ in SwiftLogNoOpLogHandler() }, isPatient: false
        ) { try session.open(to: "standby") }
        startProbing()
    }

    var isUsed: Bool { state.withLock { $0.isUsed } }
    var inProgress: Int { state.withLock { $0.inProgress } }
    /// Reads that the standby has answered.
    var answered: Int { state.withLock { $0.answered } }

    func close() async {
        let probe = state.withLock { state in
            state.isClosed = true
            state.isUsed = false
            return state.probe.take()
        }
        probe?.cancel()
        await pool.close()
    }

    /// - Throws: errors that the primary would throw as well.
    func read<Value: Sendable>(
        behind position: LogPosition, consistently: Bool, _ body: @escaping @Sendable (PostgresConnection) throws -> Value
    ) async throws -> ReplicaAnswer<Value> {
        state.withLock { $0.inProgress += 1 }
        defer { state.withLock { $0.inProgress -= 1 } }
        do {
            let value = try await answer(behind: position, consistently: consistently, body)
            state.withLock { $0.answered += 1 }
            return .value(value)
        } catch let unfit as Unfit {
            leaveOut(because: unfit.reason)
        } catch let failure as PostgresFailure {
            // A statement that times out here would time out on the primary.
            if failure.isRefusal(.queryCanceled) { throw StoreError.storeError(for: failure) }
            // Any other refusal concerns one statement: recovery may have removed rows that it reads.
            if !failure.isRefusal { leaveOut(because: failure.message) }
        } catch let error as StoreError where error.code == .unavailable {
            leaveOut(because: error.message)
        }
        return .none
    }

    private struct Unfit: Error {
        var reason: String
    }

    private enum Attempt<Value: Sendable>: Sendable {
        case value(Value)
        case isBehind
    }

    private func answer<Value: Sendable>(
        behind position: LogPosition, consistently: Bool, _ body: @escaping @Sendable (PostgresConnection) throws -> Value
    ) async throws -> Value {
        var (waited, step) = (Duration.zero, ReplicaLimits.firstStep)
        while true {
            let attempt = try await pool.run { [limits] replica -> Attempt<Value> in
                switch try replica.status(towards: position, silentFor: limits.longestSilence) {
                case .isThere:
                    let value = try consistently ? replica.readingOneState { try body(replica) } : body(replica)
                    return .value(value)
                case .isBehind: return .isBehind
                case .isUnfit(let reason): throw Unfit(reason: reason)
                }
            }
            if case .value(let value) = attempt { return value }
            guard waited < limits.longestWait else { throw Unfit(reason: "it is behind") }
            try await time.sleep(for: step)
            waited += step
            step *= 2
        }
    }

    // MARK: Out and in again

    private func leaveOut(because reason: String) {
        let wasUsed = state.withLock { state in
            defer { state.isUsed = false }
            return state.isUsed
        }
        guard wasUsed else { return }
        say(reason)
        startProbing()
    }

    private func startProbing() {
        state.withLock { state in
            guard !state.isClosed else { return }
            state.probe = Task { [weak self] in await self?.probe() }
        }
    }

    private func probe() async {
        var pause = ReplicaLimits.firstPause
        while true {
            do {
                let position = try await log.position()
                do {
                    try await answer(behind: position, consistently: false) { _ in }
                    return putBack()
                } catch let unfit as Unfit {
                    say(unfit.reason)
                } catch {
                    say((StoreError.error(for: error) as? StoreError)?.message ?? "\(error)")
                }
            } catch {
                // The required position is unknown. Failures of the primary are logged elsewhere.
            }
            guard (try? await time.sleep(for: pause)) != nil else { return }
            pause = min(pause * 2, ReplicaLimits.longestPause)
        }
    }

    private func putBack() {
        let wasSaid = state.withLock { state in
            guard !state.isClosed else { return false }
            state.isUsed = true
            defer { state.isSaid = false }
            return state.isSaid
        }
        if wasSaid { logger.notice("a read replica is used again", metadata: ["replica": "\(name)"]) }
    }

    private func say(_ reason: String) {
        let isNew = state.withLock { state in
            defer { state.isSaid = true }
            return !state.isSaid && !state.isClosed
        }
        if isNew {
            logger.warning(
                "a read replica is left out; the primary answers for it", metadata: ["replica": "\(name)", "reason": "\(reason)"])
        }
    }
}

extension PostgresFailure {
    fileprivate var isRefusal: Bool {
        if case .refused = kind { true } else { false }
    }
}
