import Foundation

/// A hot standby, which replicates the primary of its cluster and ends with it.
public struct PostgresStandby: Sendable {
    public var cluster: PostgresCluster
    /// The name of its directory within the cluster's.
    public var node: String
    public var port: Int

    /// The URL of a database.
    public func url(_ database: String) -> String { cluster.url(database, port: port) }

    @discardableResult
    public func sql(_ statements: String) async throws -> String {
        try await cluster.sql(statements, port: port)
    }

    /// Receives changes of the primary without applying them.
    public func pauseReplay() async throws {
        try await sql("SELECT pg_wal_replay_pause()")
        while try await sql("SELECT pg_get_wal_replay_pause_state()") != "paused" {}
    }

    public func resumeReplay() async throws {
        try await sql("SELECT pg_wal_replay_resume()")
    }

    /// Promotes it to primary.
    public func promote() async throws {
        try await cluster.control("promote", node: node)
    }

    public func control(_ arguments: String...) async throws {
        try await cluster.control(arguments, node: node)
    }
}

extension PostgresCluster {
    /// Copies the primary and starts the copy as a standby.
    /// - Parameter isAwaited: whether a commit waits until this standby has it on disk as well.
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
