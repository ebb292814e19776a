import StoreCore
import WorkflowModel

/// A timeline of a cluster. Promoting a standby begins another one, which shares the earlier one up to some point.
struct LogTimeline: Hashable, Sendable {
    /// The system identifier, which a cluster shares with its standbys only.
    var cluster: Int64
    var number: Int64
}

/// How far a primary had flushed its log.
struct LogPosition: Hashable, Sendable {
    var timeline: LogTimeline
    var offset: Int64
}

/// Whether a standby may answer in place of the primary.
enum ReplicaStatus: Hashable, Sendable {
    /// The standby has replayed the position.
    case isThere
    case isBehind
    case isUnfit(String)
}

extension PostgresConnection {
    /// The primary's position. It includes every acknowledged commit, as a commit is flushed before it is answered.
    func logPosition() throws -> LogPosition {
        let cluster = try clusterIdentifier()
        let found = try row(
            """
            SELECT pg_walfile_name(pg_current_wal_flush_lsn()), (pg_current_wal_flush_lsn() - '0/0'::pg_lsn)::bigint
            """
        ) { (try $0.next(String.self), try $0.next(Int64.self)) }
        // A segment's name begins with its timeline.
        guard let (segment, offset) = found, let number = Int64(segment.prefix(8), radix: 16) else {
            throw StoreError.unreadable("a log without a position")
        }
        return LogPosition(timeline: LogTimeline(cluster: cluster, number: number), offset: offset)
    }

    /// Writes a timeline into a table, so that the standbys that follow it can be recognized. A standby that was left behind
    /// on another timeline may have a longer log.
    func mark(_ timeline: LogTimeline) throws {
        try change(
            "INSERT INTO log_timelines (cluster, number) VALUES ($1, $2) ON CONFLICT DO NOTHING", timeline.cluster, timeline.number)
    }

    /// - Parameters:
    ///   - position: of the primary, behind the row of its timeline.
    ///   - limit: how long the standby may be silent.
    func status(towards position: LogPosition, silentFor limit: Duration) throws -> ReplicaStatus {
        let silence = longestSilence
        longestSilence = min(silence, limit)
        defer { longestSilence = silence }
        guard try clusterIdentifier() == position.timeline.cluster else {
            return .isUnfit("it belongs to another cluster than the primary")
        }
        let replayed =
            try row(
                "SELECT CASE WHEN pg_is_in_recovery() THEN (pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::bigint END"
            ) { try $0.next(Int64?.self) } ?? nil
        guard let replayed else { return .isUnfit("it is no standby") }
        guard replayed >= position.offset else { return .isBehind }
        if timeline != position.timeline {
            let follows = try row(
                "SELECT 1 FROM log_timelines WHERE cluster = $1 AND number = $2", position.timeline.cluster,
                position.timeline.number
            ) { _ in true }
            guard follows == true else { return .isUnfit("it follows another primary") }
            timeline = position.timeline
        }
        return .isThere
    }

    private func clusterIdentifier() throws -> Int64 {
        if let cluster { return cluster }
        let found = try row("SELECT system_identifier FROM pg_control_system()") { try $0.next(Int64.self) }
        guard let found else { throw StoreError.unreadable("a cluster without an identifier") }
        cluster = found
        return found
    }
}
