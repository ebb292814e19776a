import Foundation

/// A hot standby of a cluster: a server of its own that follows the primary. It ends with its cluster.
public struct PostgresStandby: Sendable {
    public var cluster: PostgresCluster
    /// Its directory within the cluster's.
    public var node: String
    public var port: Int

    /// The address of one of its databases.
    public func url(_ database: String) -> String { cluster.url(database, port: port) }

    @discardableResult
    public func sql(_ statements: String) async throws -> String {
        try await cluster.sql(statements, port: port)
    }

    /// Lets what the primary writes arrive, and not be seen.
    public func pauseReplay() async throws {
        try await sql("SELECT pg_wal_replay_pause()")
        while try await sql("SELECT pg_get_wal_replay_pause_state()") != "paused" {}
    }

    public func resumeReplay() async throws {
        try await sql("SELECT pg_wal_replay_resume()")
    }

    /// Makes a primary of it.
    public func promote() async throws {
        try await cluster.control("promote", node: node)
    }

    public func control(_ arguments: String...) async throws {
        try await cluster.control(arguments, node: node)
    }
}

extension PostgresCluster {
    /// Makes a copy of the primary, and starts it as a standby.
    /// - Parameter isAwaited: whether a commit is answered only when this standby has it on disk, too.
    public func addStandby(named node: String = "standby", isAwaited: Bool = false) async throws -> PostgresStandby {
        let port = try FreePort.find()
        let data = "\(directory)/\(node)"
        try await run(
            "pg_basebackup",
            [
                "--dbname", url("postgres", options: "?application_name=\(node)"), "--pgdata", data, "--checkpoint", "fast",
                "--write-recovery-conf",
            ])
        let settings = try FileHandle(forWritingTo: URL(fileURLWithPath: data + "/postgresql.conf"))
        try settings.seekToEnd()
        try settings.write(contentsOf: Data("port = \(port)\n".utf8))
        try settings.close()
        let standby = PostgresStandby(cluster: self, node: node, port: port)
        try await standby.control("start")
        if isAwaited {
            try await sql("ALTER SYSTEM SET synchronous_standby_names = '\(node)'")
            try await sql("SELECT pg_reload_conf()")
            while try await sql("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'") != "1" {}
        }
        return standby
    }
}
