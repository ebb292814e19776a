import Foundation
import Synchronization
public import WorkflowClient
import WorkflowModel

/// A `weir serve` or `weir demo` of one test, on a free port.
public final class ServerProcess: Sendable {
    /// The store options of its command line.
    public let store: [String]
    public let url: String
    public let processID: Int32
    /// Its output up to the line that announced its start.
    public let introduction: [String]
    private let end: Task<Int32, Never>
    private let life: Life
    private let messages: String

    /// Starts a service with an embedded store, and waits until it listens.
    /// - Parameters:
    ///  - openFiles: its limit of open files; nil for the limit of the tests.
    ///  - mark: a part of the output line that announces its start.
    public static func start(
        _ dataDirectory: String, verb: String = "serve", _ options: [String] = [], environment: [String: String] = [:],
        through launcher: [String] = [], openFiles: Int? = nil, until mark: String = "Listening on "
    ) async throws -> ServerProcess {
        try await start(
            on: ["--data", dataDirectory], verb: verb, options, log: dataDirectory + ".log", environment: environment,
            through: launcher, openFiles: openFiles, until: mark)
    }

    /// Starts a service, and waits until it listens.
    /// - Parameters:
    ///  - store: the store options of its command line.
    ///  - log: the file to which its log is appended.
    ///  - launcher: the path and arguments of a program that executes the service.
    ///  - openFiles: its limit of open files; nil for the limit of the tests.
    ///  - mark: a part of the output line that announces its start.
    public static func start(
        on store: [String], verb: String = "serve", _ options: [String] = [], log: String, environment: [String: String] = [:],
        through launcher: [String] = [], openFiles: Int? = nil, until mark: String = "Listening on "
    ) async throws -> ServerProcess {
        let output = Pipe()
        // Through `env`, which executes the program: a preloaded library may change the environment, and a Swift program finds its
        // arguments only if that happened before its own start.
        var line = launcher + [Program.path, verb] + store + ["--port", "0"] + options
        if environment["LD_PRELOAD"] != nil { line.insert("/usr/bin/env", at: 0) }
        if let openFiles { line = ["/bin/bash", "-c", #"ulimit -n "$0"; exec "$@""#, String(openFiles)] + line }
        var program = SpawnedProgram(line[0], Array(line.dropFirst()), environment: Program.environment(environment))
        program.directory = FileManager.default.currentDirectoryPath
        program.messages = log
        let processID = try program.start(outputTo: output.fileHandleForWriting.fileDescriptor)
        try output.fileHandleForWriting.close()
        let lines = Self.lines(output.fileHandleForReading)
        let life = Life(processID)
        let end = Task {
            let status = await SpawnedProgram.end(of: processID)
            life.ended()
            FakedClock.clearAway(after: processID)
            return status
        }
        var printed: [String] = []
        for await line in lines {
            printed.append(line)
            guard line.contains(mark), let first = printed.first, first.hasPrefix("Listening on ") else { continue }
            return ServerProcess(
                store: store, url: String(first.dropFirst("Listening on ".count)), introduction: printed, end: end, life: life,
                messages: log)
        }
        let status = await end.value
        throw Failed(text: "The service ended with \(status): " + ((try? String(contentsOfFile: log, encoding: .utf8)) ?? ""))
    }

    public struct Failed: Error, CustomStringConvertible {
        var text: String
        public var description: String { text }
    }

    private init(
        store: [String], url: String, introduction: [String], end: Task<Int32, Never>, life: Life, messages: String
    ) {
        self.introduction = introduction
        self.store = store
        self.url = url
        self.processID = life.processID
        self.end = end
        self.life = life
        self.messages = messages
    }

    /// No process outlives the test that started it.
    deinit {
        life.send(SIGKILL)
    }

    public var log: String { (try? String(contentsOfFile: messages, encoding: .utf8)) ?? "" }

    /// Sends a signal, unless the process has ended: then its pid may be reused.
    public func send(_ signal: Int32) {
        life.send(signal)
    }

    /// - Returns: its exit code, or the negative signal number.
    @discardableResult
    public func end(with signal: Int32) async throws -> Int32 {
        send(signal)
        return await end.value
    }

    /// Creates a key for the running service.
    public func makeKey(tenant: String = "acme", policy: String = "admin") async throws -> [String: String] {
        try await Self.makeKey(on: store, tenant: tenant, policy: policy)
    }

    /// Creates a key in a store, whether or not a service uses it.
    public static func makeKey(
        on store: [String], tenant: String = "acme", policy: String = "admin"
    ) async throws -> [String: String] {
        let made = try await Program.run(
            ["keys", "create"] + store + ["--tenant", tenant, "--name", "test", "--policy", policy, "--json"])
        guard made.status == 0 else { throw Failed(text: "No key was made: \(made.messages)") }
        return try JSONDecoder().decode([String: String].self, from: Data(made.output.utf8))
    }

    /// The environment for a client of this service.
    public func environment(_ key: [String: String]) -> [String: String] {
        [
            "WEIR_URL": url, "WEIR_TENANT": key["tenant"] ?? "", "WEIR_CLIENT_ID": key["client_id"] ?? "",
            "WEIR_CLIENT_SECRET": key["client_secret"] ?? "",
        ]
    }

    public func client(_ key: [String: String], transport: any ClientTransport = HTTPTransport()) -> WorkflowClient {
        WorkflowClient(
            ClientSettings(
                url: url, tenant: Tenant(key["tenant"] ?? ""),
                credentials: .key(clientID: key["client_id"] ?? "", clientSecret: key["client_secret"] ?? "")),
            transport: transport)
    }

    /// Reads on its own thread: Foundation's `readabilityHandler` can close a descriptor that libdispatch still watches, which crashes
    /// the whole test process.
    private static func lines(_ file: FileHandle) -> AsyncStream<String> {
        AsyncStream { continuation in
            Thread.detachNewThread {
                var rest = Data()
                while case let piece = file.availableData, !piece.isEmpty {
                    rest.append(piece)
                    while let newline = rest.firstIndex(of: UInt8(ascii: "\n")) {
                        continuation.yield(String(decoding: rest[..<newline], as: UTF8.self))
                        rest = Data(rest[(newline + 1)...])
                    }
                }
                continuation.finish()
            }
        }
    }
}

/// Whether a process has ended, so that no signal reaches another process with a reused pid.
private final class Life: Sendable {
    let processID: Int32
    private let hasEnded = Mutex(false)

    init(_ processID: Int32) {
        self.processID = processID
    }

    func ended() {
        hasEnded.withLock { $0 = true }
    }

    func send(_ signal: Int32) {
        hasEnded.withLock { hasEnded in
            if !hasEnded { kill(processID, signal) }
        }
    }
}
