import Foundation
import Synchronization
public import WorkflowClient
import WorkflowModel

/// A `weir serve` or `weir demo` of a test's own, on a free port.
public final class ServerProcess: Sendable {
    /// Which store it works on, in the words of the command line.
    public let store: [String]
    public let url: String
    public let processID: Int32
    /// What it printed up to where its start was waited for.
    public let introduction: [String]
    private let end: Task<Int32, Never>
    private let life: Life
    private let messages: String

    /// Starts a service over an embedded store, and waits until it listens.
    /// - Parameter mark: what the last line of its output has in it that is waited for.
    public static func start(
        _ dataDirectory: String, verb: String = "serve", _ options: [String] = [], environment: [String: String] = [:],
        until mark: String = "Listening on "
    ) async throws -> ServerProcess {
        try await start(
            on: ["--data", dataDirectory], verb: verb, options, log: dataDirectory + ".log", environment: environment, until: mark)
    }

    /// Starts a service, and waits until it listens.
    /// - Parameters:
    ///   - store: which one it works on, in the words of the command line.
    ///   - log: where its messages are added to.
    ///   - mark: what the last line of its output has in it that is waited for.
    public static func start(
        on store: [String], verb: String = "serve", _ options: [String] = [], log: String, environment: [String: String] = [:],
        until mark: String = "Listening on "
    ) async throws -> ServerProcess {
        let output = Pipe()
        // By way of `env`, which becomes the program: where a library is put before others that changes its environment, a
        // program of Swift finds its arguments only when that has happened before.
        var line = [Program.path, verb] + store + ["--port", "0"] + options
        if environment["LD_PRELOAD"] != nil { line.insert("/usr/bin/env", at: 0) }
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

    /// Nothing that a test leaves behind outlives it.
    deinit {
        life.send(SIGKILL)
    }

    public var log: String { (try? String(contentsOfFile: messages, encoding: .utf8)) ?? "" }

    /// Sends it a signal, unless it has ended: then its number may be somebody else's.
    public func send(_ signal: Int32) {
        life.send(signal)
    }

    /// - Returns: its exit code, or the negative of the signal.
    @discardableResult
    public func end(with signal: Int32) async throws -> Int32 {
        send(signal)
        return await end.value
    }

    /// Makes a key for the running service.
    public func makeKey(tenant: String = "acme", policy: String = "admin") async throws -> [String: String] {
        try await Self.makeKey(on: store, tenant: tenant, policy: policy)
    }

    /// Makes a key on a store, whether somebody serves it or not.
    public static func makeKey(
        on store: [String], tenant: String = "acme", policy: String = "admin"
    ) async throws -> [String: String] {
        let made = try await Program.run(
            ["keys", "create"] + store + ["--tenant", tenant, "--name", "test", "--policy", policy, "--json"])
        guard made.status == 0 else { throw Failed(text: "No key was made: \(made.messages)") }
        return try JSONDecoder().decode([String: String].self, from: Data(made.output.utf8))
    }

    /// The environment of a client of this service.
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

    /// Read by a thread of its own: Foundation's `readabilityHandler` can close a descriptor that libdispatch still watches,
    /// and then a whole run of tests dies of it.
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

/// Whether a process is still there, so that no signal goes to another one that got its number.
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
