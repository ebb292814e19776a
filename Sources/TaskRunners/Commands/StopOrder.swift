import Synchronization
import WorkflowModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Tells the thread that watches over a command to end it: first in order, and when the grace is over, at once.
final class StopOrder: Sendable {
    enum Urgency: Int, Comparable, Sendable {
        case none
        case terminate
        case kill

        static func < (left: Urgency, right: Urgency) -> Bool { left.rawValue < right.rawValue }
    }

    private struct State {
        var urgency = Urgency.none
        var grace: Task<Void, Never>?
        var isOver = false
    }

    /// Gets a byte with every order; nil when the system has no descriptor left.
    private let bell = BytePipe()
    private let state = Mutex(State())

    /// Becomes readable when an order comes; -1 when the system has no descriptor left.
    var descriptor: CInt { bell?.readEnd ?? -1 }

    var urgency: Urgency {
        state.withLock { $0.urgency }
    }

    /// Orders the end, and sees to it that what is left after `grace` is killed.
    func stop(grace: Duration, time: any TimeSource) {
        raise(to: .terminate)
        let killing = Task {
            do { try await time.sleep(for: grace) } catch { return }
            raise(to: .kill)
        }
        let isOver = state.withLock { state in
            state.grace = killing
            return state.isOver
        }
        if isOver { killing.cancel() }
    }

    /// The command has ended; what waits for its grace need not wait any longer.
    func finish() {
        let grace = state.withLock { state in
            state.isOver = true
            return state.grace
        }
        grace?.cancel()
    }

    /// Takes back the readiness of ``descriptor``.
    func acknowledge() {
        withUnsafeTemporaryAllocation(byteCount: 16, alignment: 1) { _ = bell?.read(into: $0) }
    }

    private func raise(to urgency: Urgency) {
        state.withLock { state in
            state.urgency = max(state.urgency, urgency)
            guard let bell else { return }
            var ring: UInt8 = 1
            _ = write(bell.writeEnd, &ring, 1)
        }
    }
}
