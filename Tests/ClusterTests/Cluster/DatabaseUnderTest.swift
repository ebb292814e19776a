import Foundation
import PostgresClusterKit
import PostgresTestKit

/// A database on a server of its own, which the test may stop or kill.
final class DatabaseUnderTest: Sendable {
    let cluster: PostgresCluster
    let name = "weir"

    init() async throws {
        cluster = try await PostgresCluster.another()
        try await cluster.sql("CREATE DATABASE \(name)")
    }

    deinit {
        // A stopped server would not handle the signal to end.
        try? thaw()
        cluster.end()
    }

    var url: String { cluster.url(name) }

    /// Its address behind a proxy, without TLS, so that the proxy can read the messages.
    func url(behind proxy: FaultyProxy) -> String {
        cluster.url(name, port: proxy.port, options: "?sslmode=disable")
    }

    func proxy() async throws -> FaultyProxy {
        try await FaultyProxy.start(to: .port(cluster.port))
    }

    /// Terminates all sessions of the nodes.
    /// - Returns: the number of sessions.
    @discardableResult
    func terminateSessions() async throws -> Int {
        let count = try await cluster.sql(
            """
            SELECT count(*) FILTER (WHERE pg_terminate_backend(pid)) FROM pg_stat_activity
            WHERE datname = '\(name)' AND pid <> pg_backend_pid()
            """)
        return Int(count) ?? 0
    }

    /// Stops all processes of the server (SIGSTOP), as on a machine with a hanging disk. Its sockets stay open.
    func freeze() throws {
        for process in try processes() { kill(process, SIGSTOP) }
    }

    func thaw() throws {
        for process in try processes() { kill(process, SIGCONT) }
    }

    private func processes() throws -> [Int32] {
        let server = try cluster.process()
        let all = try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { Int32($0) }
        return [server] + all.filter { Self.parent(of: $0) == server }
    }

    private static func parent(of process: Int32) -> Int32? {
        guard let statistics = FileManager.default.contents(atPath: "/proc/\(process)/stat") else { return nil }
        // The name is in parentheses and may contain any character.
        let rest = String(decoding: statistics, as: UTF8.self).split(separator: ")").last?.split(separator: " ") ?? []
        return rest.count > 1 ? Int32(rest[1]) : nil
    }
}
