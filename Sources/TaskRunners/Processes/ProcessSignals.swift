import Logging

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Sends signals to processes found in the process table, and only to them.
struct ProcessSignals: Sendable {
    let logger: Logger

    /// Sends SIGTERM, and SIGCONT so that a suspended process receives it.
    func terminate(_ process: ProcessEntry) {
        send(SIGTERM, to: process)
        if process.isStopped { send(SIGCONT, to: process) }
    }

    func kill(_ process: ProcessEntry) {
        send(SIGKILL, to: process)
    }

    /// Kills the process group of a leader that has ended but is not reaped, so that the group id is still its own.
    func killGroup(ofEnded leader: pid_t) {
        _ = Glibc.kill(-leader, SIGKILL)
    }

    private func send(_ signal: Int32, to process: ProcessEntry) {
        // The pid may belong to another process by now.
        guard let current = ProcessTable.entry(of: process.pid), current.startTime == process.startTime else { return }
        if Glibc.kill(process.pid, signal) != 0, errno == EPERM {
            // The service can only wait for its end.
            logger.warning(
                "cannot signal a process of a task: it belongs to another user", metadata: ["pid": "\(process.pid)"])
        }
    }
}
