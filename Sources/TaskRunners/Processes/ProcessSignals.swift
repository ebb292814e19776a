import Logging

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Sends signals to processes that were found in the table, and only to them.
struct ProcessSignals: Sendable {
    let logger: Logger

    /// Asks it to end. One that is suspended is woken, because it could not hear of it otherwise.
    func terminate(_ process: ProcessEntry) {
        send(SIGTERM, to: process)
        if process.isStopped { send(SIGCONT, to: process) }
    }

    func kill(_ process: ProcessEntry) {
        send(SIGKILL, to: process)
    }

    /// Kills whatever is in the group of a leader that has ended and has not been waited for, so that the group is still its own.
    func killGroup(ofEnded leader: pid_t) {
        _ = Glibc.kill(-leader, SIGKILL)
    }

    private func send(_ signal: Int32, to process: ProcessEntry) {
        // Another process may have its number by now.
        guard let current = ProcessTable.entry(of: process.pid), current.startTime == process.startTime else { return }
        if Glibc.kill(process.pid, signal) != 0, errno == EPERM {
            // Waiting until it ends by itself is all that is left to do.
            logger.warning(
                "A process of a task belongs to another user and cannot be ended.", metadata: ["pid": "\(process.pid)"])
        }
    }
}
