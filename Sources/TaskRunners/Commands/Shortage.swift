import Logging
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Logs once when commands cannot be started because descriptors or processes have run out, and once when they can again.
final class Shortage: Sendable {
    private let isActive = Mutex(false)

    func begin(_ failure: StartFailure, logger: Logger) {
        let isNew = isActive.withLock { isActive in
            defer { isActive = true }
            return !isActive
        }
        guard isNew else { return }
        let reason = String(cString: strerror(failure.reason))
        logger.error("tasks cannot be started; ready tasks wait", metadata: ["reason": "\(reason)"])
    }

    func end(logger: Logger) {
        let wasActive = isActive.withLock { isActive in
            defer { isActive = false }
            return isActive
        }
        if wasActive { logger.notice("tasks can be started again") }
    }
}
