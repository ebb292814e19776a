import Foundation
import Glibc

/// A PostgreSQL server in a temporary directory. It ends with the process that started it, and is removed.
public final class PostgresCluster: Sendable {
    public static let user = "weir"
    public static let password = "weir"

    public let port: Int
    public let directory: String
    private let tools: String
    /// Keeps the cluster alive; the system closes it when this process ends.
    private let lifeline: FileHandle

    /// Starts another cluster. End it with ``end()``; it also ends with this process.
    public static func another() async throws -> PostgresCluster {
        try await OwnThread.run { try PostgresCluster() }
    }

    /// Stops the server and removes its directory.
    public func end() {
        try? lifeline.close()
    }

    private init() throws {
        port = try FreePort.find()
        let (input, output) = (try ChildProcess.pipe(), try ChildProcess.pipe())
        _ = try ChildProcess.start(
            ["/bin/bash", "-c", ClusterScript.text, "cluster", String(port)], input: input.reading, output: output.writing)
        lifeline = FileHandle(fileDescriptor: input.writing, closeOnDealloc: true)
        close(input.reading)
        close(output.writing)
        let words = ChildProcess.readToEnd(output.reading, until: UInt8(ascii: "\n")).split(separator: " ").map(String.init)
        close(output.reading)
        guard words.count == 2 else { throw ClusterError("the cluster did not start; see its output above") }
        (tools, directory) = (words[0], words[1])
    }

    /// The URL of a database.
    public func url(_ database: String, port: Int? = nil, options: String = "") -> String {
        "postgres://\(Self.user):\(Self.password)@127.0.0.1:\(port ?? self.port)/\(database)\(options)"
    }

    /// Executes statements as the superuser. Returns one line per row, with the fields separated by bars.
    @discardableResult
    public func sql(_ statements: String, in database: String = "postgres", port: Int? = nil) async throws -> String {
        try await run("psql", ["-XqAt", "-v", "ON_ERROR_STOP=1", "-d", url(database, port: port), "-c", statements])
    }

    /// Runs a PostgreSQL program as the user of the server.
    @discardableResult
    public func run(_ tool: String, _ arguments: [String]) async throws -> String {
        let command = geteuid() == 0 ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : []
        let line = ["/usr/bin/env"] + command + ["\(tools)/\(tool)"] + arguments
        return try await OwnThread.run { try ChildProcess.output(of: line).trimmingCharacters(in: .newlines) }
    }

    /// Starts, stops or restarts the server with `pg_ctl -w`.
    public func control(_ arguments: String..., node: String = "primary") async throws {
        try await control(arguments, node: node)
    }

    func control(_ arguments: [String], node: String) async throws {
        let data = "\(directory)/\(node)"
        try await run("pg_ctl", ["-D", data, "-l", "\(data)/log", "-w", "-t", "60"] + arguments)
    }

    /// The pid of a server.
    public func process(of node: String = "primary") throws -> Int32 {
        let text = try String(contentsOfFile: "\(directory)/\(node)/postmaster.pid", encoding: .utf8)
        guard let number = text.split(separator: "\n").first.flatMap({ Int32($0) }) else {
            throw ClusterError("the server of \(node) is not running")
        }
        return number
    }

    /// Sends a signal to all processes of a server; SIGSTOP freezes it.
    public func signal(_ number: Int32, node: String = "primary") throws {
        let server = try process(of: node)
        let children = try String(contentsOfFile: "/proc/\(server)/task/\(server)/children", encoding: .utf8)
        for process in [server] + children.split(separator: " ").compactMap({ Int32($0) }) { _ = kill(process, number) }
    }
}
