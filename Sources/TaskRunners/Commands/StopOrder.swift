import Synchronization
import WorkflowModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Asks the thread that follows a command to stop it: SIGTERM first, SIGKILL after the grace.
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

    /// Receives a byte with every request; nil when no descriptor is available.
    private let bell = BytePipe()
    private let state = Mutex(State())

    /// Becomes readable with a request; -1 when no descriptor is available.
    var descriptor: CInt { bell?.readEnd ?? -1 }

    var urgency: Urgency {
        state.withLock { $0.urgency }
    }

    /// Requests a graceful stop, and a kill after `grace`.
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

    /// Requests a kill.
    func kill() {
        raise(to: .kill)
    }

    /// The command has ended; cancels the pending kill.
    func finish() {
        let grace = state.withLock { state in
            state.isOver = true
            return state.grace
        }
        grace?.cancel()
    }

    /// Sleeps for the pause, or until a request arrives. Blocks.
    func wait(for pause: Duration) {
        var news = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        _ = poll(&news, 1, CInt(clamping: pause.milliseconds))
    }

    /// Clears the readiness of ``descriptor``.
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
