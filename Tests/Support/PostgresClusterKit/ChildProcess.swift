import Glibc

/// Starts programs with the three standard streams only.
///
/// Foundation's `Process` also passes on descriptors that another thread has just opened. A long-running server would keep the pipes
/// of other programs open, so that their readers would wait forever.
enum ChildProcess {
    /// Closes inherited descriptors before the program starts.
    private static let alone =
        #"for fd in /proc/self/fd/*; do n=${fd##*/}; [ "$n" -le 2 ] || eval "exec $n>&-"; done; exec "$@""#

    /// - Parameters:
    ///  - line: the program's path and its arguments.
    ///  - input: nil for an empty input.
    ///  - output: nil for /dev/null.
    ///  - errors: nil for the stream of this process.
    static func start(_ line: [String], input: Int32? = nil, output: Int32? = nil, errors: Int32? = nil) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let null = open("/dev/null", O_RDWR | O_CLOEXEC)
        defer { close(null) }
        posix_spawn_file_actions_adddup2(&actions, input ?? null, 0)
        posix_spawn_file_actions_adddup2(&actions, output ?? null, 1)
        posix_spawn_file_actions_adddup2(&actions, errors ?? 2, 2)
        // Threads of libdispatch block signals, and the program would inherit that: `pgbench` needs one to end.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))

        let line = ["/bin/bash", "-c", alone, "alone"] + line
        var arguments: [UnsafeMutablePointer<CChar>?] = line.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var process = pid_t()
        let code = posix_spawn(&process, line[0], &actions, &attributes, &arguments, environ)
        guard code == 0 else { throw ClusterError("\(line[0]) cannot be started: \(String(cString: strerror(code)))") }
        return process
    }

    /// A pipe whose ends no program inherits implicitly.
    static func pipe() throws -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [0, 0]
        guard Glibc.pipe(&ends) == 0 else { throw ClusterError("too many open files") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    /// Reads until the other side is closed.
    static func readToEnd(_ descriptor: Int32, until last: UInt8? = nil) -> String {
        var text: [UInt8] = []
        var bytes = [UInt8](repeating: 0, count: last == nil ? 64 << 10 : 1)
        while true {
            let count = read(descriptor, &bytes, bytes.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0, bytes[0] != last else { break }
            text += bytes.prefix(count)
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Runs a program to its end and returns its output. Blocks.
    static func output(of line: [String]) throws -> String {
        let (output, errors) = (try pipe(), try pipe())
        // A server started by it keeps the streams open, so that they never end.
        let startsServer = line.contains { $0.hasSuffix("/pg_ctl") }
        let process = try start(
            line, output: startsServer ? nil : output.writing, errors: startsServer ? nil : errors.writing)
        close(output.writing)
        close(errors.writing)
        let printed = readToEnd(output.reading)
        let complaint = readToEnd(errors.reading)
        close(output.reading)
        close(errors.reading)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        guard status == 0 else { throw ClusterError("\(line.joined(separator: " ")): \(complaint)") }
        return printed
    }
}
