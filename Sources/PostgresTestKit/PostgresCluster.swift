import Foundation
import PostgresStore
import Synchronization
import WorkflowModel

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A PostgreSQL server of the tests' own, in a temporary directory: started once for a test process, ended and removed with it.
public final class PostgresCluster: Sendable {
    public static let user = "weir"
    public static let password = "weir"

    public let port: Int
    public let directory: String
    private let tools: String
    /// Open for as long as the cluster is to live; closed by the system when this process ends.
    private let lifeline: FileHandle
    private let databases = Atomic(0)
    /// Tests that have a database at the same time: more would only wait for each other inside the server.
    let slots = Slots(12)

    private static let shared = Task { try await OwnThread.run { try PostgresCluster() } }

    /// The one that all tests of this process share.
    public static func started() async throws -> PostgresCluster {
        try await shared.value
    }

    private init() throws {
        port = try FreePort.find()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-c", ClusterScript.text, "cluster", String(port)]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        lifeline = input.fileHandleForWriting
        // What other tests start must not keep the cluster alive.
        _ = fcntl(lifeline.fileDescriptor, F_SETFD, FD_CLOEXEC)
        try process.run()
        try input.fileHandleForReading.close()
        let words = Self.line(from: output.fileHandleForReading).split(separator: " ").map(String.init)
        guard words.count == 2 else { throw ClusterTrouble("the cluster did not start; its own words are above") }
        (tools, directory) = (words[0], words[1])
    }

    /// The address of one of its databases.
    public func url(_ database: String, port: Int? = nil, options: String = "") -> String {
        "postgres://\(Self.user):\(Self.password)@127.0.0.1:\(port ?? self.port)/\(database)\(options)"
    }

    /// Executes statements as the superuser, and returns what they print: fields between bars, a line for each row.
    @discardableResult
    public func sql(_ statements: String, in database: String = "postgres") async throws -> String {
        try await run("psql", ["-XqAt", "-v", "ON_ERROR_STOP=1", "-d", url(database), "-c", statements])
    }

    /// Runs one of PostgreSQL's programs as the user that the server runs as.
    @discardableResult
    public func run(_ tool: String, _ arguments: [String]) async throws -> String {
        let command = geteuid() == 0 ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : []
        let line = ["/usr/bin/env"] + command + ["\(tools)/\(tool)"] + arguments
        return try await OwnThread.run { try Self.output(of: line) }
    }

    /// Starts, stops or restarts the server: what `pg_ctl` is told, with `-w`.
    public func control(_ arguments: String..., node: String = "primary") async throws {
        let data = "\(directory)/\(node)"
        try await run("pg_ctl", ["-D", data, "-l", "\(data)/log", "-w", "-t", "60"] + arguments)
    }

    /// The process of a server.
    public func process(of node: String = "primary") throws -> Int32 {
        let text = try String(contentsOfFile: "\(directory)/\(node)/postmaster.pid", encoding: .utf8)
        guard let number = text.split(separator: "\n").first.flatMap({ Int32($0) }) else {
            throw ClusterTrouble("the server of \(node) does not run")
        }
        return number
    }

    func nextNumber() -> Int {
        databases.add(1, ordering: .relaxed).newValue
    }

    private static func line(from handle: FileHandle) -> String {
        var bytes = Data()
        while let byte = try? handle.read(upToCount: 1), let value = byte.first, value != UInt8(ascii: "\n") { bytes.append(value) }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func output(of line: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: line[0])
        process.arguments = Array(line.dropFirst())
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        // A server that is started keeps what it is given: a pipe would never end.
        process.standardError = line.contains { $0.hasSuffix("/pg_ctl") } ? FileHandle.nullDevice : errors
        process.standardInput = FileHandle.nullDevice
        if line.contains(where: { $0.hasSuffix("/pg_ctl") }) { process.standardOutput = FileHandle.nullDevice }
        try process.run()
        var printed = Data()
        if process.standardError as? Pipe === errors {
            printed = try output.fileHandleForReading.readToEnd() ?? Data()
            let complaint = try errors.fileHandleForReading.readToEnd() ?? Data()
            process.waitUntilExit()
            guard process.terminationStatus == 0 else { throw ClusterTrouble(String(decoding: complaint, as: UTF8.self)) }
        } else {
            process.waitUntilExit()
            guard process.terminationStatus == 0 else { throw ClusterTrouble("pg_ctl ended with \(process.terminationStatus)") }
        }
        return String(decoding: printed, as: UTF8.self).trimmingCharacters(in: .newlines)
    }
}

/// What keeps a cluster from working.
public struct ClusterTrouble: Error, CustomStringConvertible {
    public var description: String

    init(_ description: String) {
        self.description = description
    }
}

enum OwnThread {
    static func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(with: Result(catching: body)) }
        }
    }
}
