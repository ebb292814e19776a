import CTaskProcess
public import WorkflowModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A program that answers a question within a limited time, in a session of its own.
public struct ShortProgram: Sendable {
    /// The path of the program.
    public var path: String
    public var arguments: [String]
    public var directory: String
    public var environment: [String: String]

    public init(path: String, arguments: [String], directory: String, environment: [String: String]) {
        self.path = path
        self.arguments = arguments
        self.directory = directory
        self.environment = environment
    }

    public enum Answer: Hashable, Sendable {
        /// The beginning of its output and messages.
        case output([UInt8])
        /// It did not end its output in time.
        case late
        case notStarted
    }

    /// Blocks, at most for `patience`. Then no process of the program is left in its session.
    /// - Parameter limit: bytes that are read at most.
    public func answer(upTo limit: Int, within patience: Duration, time: any TimeSource) -> Answer {
        guard let pipe = BytePipe(), let process = start(pipe.writeEnd) else { return .notStarted }
        pipe.closeWriteEnd()
        let bytes = read(pipe, upTo: limit, until: time.elapsed + patience, time: time)
        kill(-process.pid, SIGKILL)
        _ = process.waitForEnd()
        return bytes.map(Answer.output) ?? .late
    }

    private func start(_ output: CInt) -> StartedProcess? {
        let words = CStrings([path] + arguments)
        let variables = CStrings(environment.map { "\($0.key)=\($0.value)" })
        var started = weir_started()
        path.withCString { path in
            directory.withCString { directory in
                var command = weir_command()
                command.program = path
                command.directory = directory
                command.words = UnsafePointer(words.pointers)
                command.variables = UnsafePointer(variables.pointers)
                command.output = output
                command.errors = output
                command.cgroup = -1
                command.mask = -1
                weir_process_start(&command, &started)
            }
        }
        guard started.step == WEIR_STEP_NONE else { return nil }
        return StartedProcess(pid: started.process, descriptor: started.descriptor)
    }

    /// - Returns: nil when the output does not end in time.
    private func read(_ pipe: BytePipe, upTo limit: Int, until deadline: Duration, time: any TimeSource) -> [UInt8]? {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4_096)
        while bytes.count < limit {
            switch piece.withUnsafeMutableBytes({ pipe.read(into: $0) }) {
            case .bytes(let count): bytes += piece.prefix(count)
            case .ended: return bytes
            case .nothingYet:
                let left = (deadline - time.elapsed).milliseconds
                guard left > 0 else { return nil }
                var state = pollfd(fd: pipe.readEnd, events: Int16(POLLIN), revents: 0)
                _ = poll(&state, 1, Int32(clamping: left))
            }
        }
        return bytes
    }
}
