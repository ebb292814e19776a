import Foundation
import Synchronization
import Testing
import WorkflowClient
import WorkflowModel

/// A `weir serve` or `weir demo` of a test's own, on a free port.
final class ServerProcess: Sendable {
    let dataDirectory: String
    let url: String
    let processID: Int32
    /// What it printed up to where its start was waited for.
    let introduction: [String]
    private let end: Task<Int32, any Error>
    private let messages: String

    /// Starts a service and waits until it listens.
    /// - Parameter mark: what the last line of its output has in it that is waited for.
    static func start(
        _ dataDirectory: String, verb: String = "serve", _ options: [String] = [], environment: [String: String] = [:],
        until mark: String = "Listening on "
    ) async throws -> ServerProcess {
        let process = Process()
        let output = Pipe()
        let messages = dataDirectory + ".log"
        if !FileManager.default.fileExists(atPath: messages) {
            _ = FileManager.default.createFile(atPath: messages, contents: nil)
        }
        let log = try FileHandle(forWritingTo: URL(fileURLWithPath: messages))
        log.seekToEndOfFile()
        process.executableURL = URL(fileURLWithPath: Program.path)
        process.arguments = [verb, "--data", dataDirectory, "--port", "0"] + options
        process.environment = Program.environment(environment)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = log
        let lines = Self.lines(output.fileHandleForReading)
        let started = Mutex<Int32>(0)
        let end = Task { [process] in
            try await Program.ended(process) { process in started.withLock { $0 = process.processIdentifier } }
        }
        var printed: [String] = []
        for await line in lines {
            printed.append(line)
            guard line.contains(mark), let first = printed.first, first.hasPrefix("Listening on ") else { continue }
            return ServerProcess(
                dataDirectory: dataDirectory, url: String(first.dropFirst("Listening on ".count)),
                processID: started.withLock { $0 }, introduction: printed, end: end, messages: messages)
        }
        let status = try await end.value
        throw Failed(text: "The service ended with \(status): " + ((try? String(contentsOfFile: messages, encoding: .utf8)) ?? ""))
    }

    struct Failed: Error, CustomStringConvertible {
        var text: String
        var description: String { text }
    }

    private init(
        dataDirectory: String, url: String, processID: Int32, introduction: [String], end: Task<Int32, any Error>, messages: String
    ) {
        self.introduction = introduction
        self.dataDirectory = dataDirectory
        self.url = url
        self.processID = processID
        self.end = end
        self.messages = messages
    }

    /// Nothing that a test leaves behind outlives it.
    deinit {
        kill(processID, SIGKILL)
    }

    var log: String { (try? String(contentsOfFile: messages, encoding: .utf8)) ?? "" }

    /// - Returns: its exit code, or the negative of the signal.
    @discardableResult
    func end(with signal: Int32) async throws -> Int32 {
        kill(processID, signal)
        return try await end.value
    }

    /// Makes a key on the running service, through its socket.
    func makeKey(tenant: String = "acme", policy: String = "admin") async throws -> [String: String] {
        let made = try await Program.run([
            "keys", "create", "--data", dataDirectory, "--tenant", tenant, "--name", "test", "--policy", policy, "--json",
        ])
        try #require(made.status == 0, "\(made.messages)")
        return try JSONDecoder().decode([String: String].self, from: Data(made.output.utf8))
    }

    /// The environment of a client of this service.
    func environment(_ key: [String: String]) -> [String: String] {
        [
            "WEIR_URL": url, "WEIR_TENANT": key["tenant"] ?? "", "WEIR_CLIENT_ID": key["client_id"] ?? "",
            "WEIR_CLIENT_SECRET": key["client_secret"] ?? "",
        ]
    }

    func client(_ key: [String: String]) -> WorkflowClient {
        WorkflowClient(
            ClientSettings(
                url: url, tenant: Tenant(key["tenant"] ?? ""),
                credentials: .key(clientID: key["client_id"] ?? "", clientSecret: key["client_secret"] ?? "")))
    }

    private static func lines(_ file: FileHandle) -> AsyncStream<String> {
        AsyncStream { continuation in
            let rest = Mutex(Data())
            file.readabilityHandler = { file in
                let piece = file.availableData
                guard !piece.isEmpty else {
                    file.readabilityHandler = nil
                    return continuation.finish()
                }
                rest.withLock { rest in
                    rest.append(piece)
                    while let newline = rest.firstIndex(of: UInt8(ascii: "\n")) {
                        continuation.yield(String(decoding: rest[..<newline], as: UTF8.self))
                        rest = Data(rest[(newline + 1)...])
                    }
                }
            }
        }
    }
}
