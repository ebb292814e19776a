import Foundation
import Glibc

/// A program to start with the three standard streams only.
///
/// Foundation's `Process` is not used, here or in any test (`TidinessTests`). It knows the end of a program by a socket that the program
/// inherits. A program that another thread starts at the same moment inherits that socket too, and while it runs, `waitUntilExit()` waits.
public struct SpawnedProgram: Sendable {
    public var path: String
    public var arguments: [String]
    public var environment: [String: String]
    public var directory: String?
    /// Files for its streams; nil for `/dev/null`. Output is appended.
    public var input: String?
    public var output: String?
    public var messages: String?

    public init(_ path: String, _ arguments: [String], environment: [String: String] = [:]) {
        self.path = path
        self.arguments = arguments
        self.environment = environment
    }

    public struct NotStarted: Error, CustomStringConvertible {
        public var description: String
    }

    /// Changes the directory, closes descriptors inherited from other threads, and executes the program.
    private static let alone =
        #"cd "$0"; for fd in /proc/self/fd/*; do n=${fd##*/}; [ "$n" -le 2 ] || eval "exec $n>&-"; done; exec "$@""#

    /// Starts the program.
    /// - Parameter pipe: receives its output instead of a file.
    public func start(outputTo pipe: Int32? = nil) throws -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, input ?? "/dev/null", O_RDONLY, 0)
        if let pipe {
            posix_spawn_file_actions_adddup2(&actions, pipe, 1)
        } else {
            posix_spawn_file_actions_addopen(&actions, 1, output ?? "/dev/null", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        }
        posix_spawn_file_actions_addopen(&actions, 2, messages ?? "/dev/null", O_WRONLY | O_CREAT | O_APPEND, 0o600)

        // Threads of libdispatch block signals, and the program would inherit that.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var (none, all) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        var line: [UnsafeMutablePointer<CChar>?] =
            (["/bin/bash", "-c", Self.alone, directory ?? "."] + [path] + arguments)
            .map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in line + variables { free(text) } }
        var process = pid_t()
        let code = posix_spawn(&process, "/bin/bash", &actions, &attributes, &line, &variables)
        guard code == 0 else { throw NotStarted(description: "\(path) cannot be started: \(String(cString: strerror(code)))") }
        return process
    }

    /// Runs the program to its end, which must be near: blocks the thread.
    /// - Returns: its exit code, or the negative signal number.
    public func run() throws -> Int32 {
        Self.waitForEnd(of: try start())
    }

    /// Waits for the end of a started program; call this once for each.
    /// - Returns: its exit code, or the negative signal number.
    public static func end(of process: Int32) async -> Int32 {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(returning: waitForEnd(of: process))
            }
        }
    }

    private static func waitForEnd(of process: Int32) -> Int32 {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : -signal
    }
}
