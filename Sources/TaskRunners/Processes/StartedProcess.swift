import CTaskProcess

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Why a process could not be started: the step that failed, and its `errno`.
struct StartFailure: Error, Hashable {
    enum Step: Hashable, Sendable {
        case process
        case streams
        case user
        case directory
        case program
    }

    var step: Step
    var reason: CInt

    /// Whether the same start may succeed a little later.
    var isShortage: Bool {
        DescriptorReserve.isShortage(reason) || (step == .process && (reason == EAGAIN || reason == ENOMEM))
    }
}

/// The main process of a command. Its pid is not reused until ``waitForEnd()`` reaps it.
struct StartedProcess: Sendable {
    let pid: pid_t
    /// Becomes readable when the process ends; -1 when the system has no pidfd.
    let descriptor: CInt

    /// Starts a command. Blocks until its program is executed.
    /// - Parameters:
    ///  - output: receives standard output.
    ///  - errors: receives standard error.
    ///  - cgroup: contains the process and all its descendants.
    static func start(
        _ command: PreparedCommand, output: CInt, errors: CInt, cgroup: TaskCgroup?, settings: ProcessSettings
    ) throws(StartFailure) -> StartedProcess {
        let words = CStrings(command.words)
        let variables = CStrings(command.variables.map { "\($0.key)=\($0.value)" })
        let groups = settings.user?.groups ?? []
        var started = weir_started()
        command.program.withCString { program in
            command.directory.withCString { directory in
                groups.withUnsafeBufferPointer { groups in
                    var start = weir_command()
                    start.program = program
                    start.directory = directory
                    start.words = UnsafePointer(words.pointers)
                    start.variables = UnsafePointer(variables.pointers)
                    start.output = output
                    start.errors = errors
                    start.cgroup = cgroup?.descriptor ?? -1
                    start.is_subreaper = settings.containment.adopted != nil
                    start.descriptors = settings.descriptorLimit ?? 0
                    start.mask = settings.fileMask.map { CInt($0) } ?? -1
                    if let user = settings.user {
                        start.changes_user = true
                        start.user = user.id
                        start.group = user.group
                        start.groups = groups.baseAddress
                        start.group_count = groups.count
                    }
                    weir_process_start(&start, &started)
                }
            }
        }
        if let failure = StartFailure(started) { throw failure }
        return StartedProcess(pid: started.process, descriptor: started.descriptor)
    }

    /// Whether a process can be started in a cgroup. Starts one that ends immediately.
    static func canStart(in cgroup: TaskCgroup) -> Bool {
        var start = weir_command()
        start.cgroup = cgroup.descriptor
        start.mask = -1
        var started = weir_started()
        weir_process_start(&start, &started)
        return started.step == WEIR_STEP_NONE
    }

    /// Whether the process has ended. Needs no descriptor.
    var hasEnded: Bool {
        var end = siginfo_t()
        let answer = waitid(P_PID, id_t(pid), &end, WEXITED | WNOHANG | WNOWAIT)
        return answer == 0 ? end.si_signo == SIGCHLD : errno == ECHILD
    }

    /// Reaps the process.
    /// - Returns: nil when the system does not report the status.
    func waitForEnd() -> CommandEnding.Status? {
        defer {
            if descriptor >= 0 { close(descriptor) }
            weir_process_forget(pid)
        }
        var status: CInt = 0
        while waitpid(pid, &status, 0) < 0 {
            if errno != EINTR { return nil }
        }
        let signal = status & 0x7F
        return signal == 0 ? .exited(Int(status >> 8 & 0xFF)) : .killed(signal: Int(signal))
    }
}

extension StartFailure {
    fileprivate init?(_ started: weir_started) {
        switch started.step {
        case WEIR_STEP_NONE: return nil
        case WEIR_STEP_STREAMS: step = .streams
        case WEIR_STEP_USER: step = .user
        case WEIR_STEP_DIRECTORY: step = .directory
        case WEIR_STEP_PROGRAM: step = .program
        default: step = .process
        }
        reason = started.reason
    }
}

/// C strings in an array that ends with a null pointer.
final class CStrings {
    let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    private let count: Int

    init(_ texts: [String]) {
        count = texts.count
        pointers = .allocate(capacity: count + 1)
        for (index, text) in texts.enumerated() { (pointers + index).initialize(to: strdup(text)) }
        (pointers + count).initialize(to: nil)
    }

    deinit {
        for index in 0..<count { free(pointers[index]) }
        pointers.deallocate()
    }
}
