import WorkflowModel

/// A history of a cluster. Promoting a standby begins another one, which has that of before up to some point.
struct LogTimeline: Hashable, Sendable {
    /// The system identifier, which a cluster shares with all its standbys and with nobody else.
    var cluster: Int64
    var number: Int64
}

/// How far a primary had written its log to disk.
struct LogPosition: Hashable, Sendable {
    var timeline: LogTimeline
    var offset: Int64
}

/// Whether a server may answer in place of the primary.
enum ReplicaStanding: Hashable, Sendable {
    /// It has everything up to the position.
    case isThere
    case isBehind
    case isUnfit(String)
}

extension PostgresConnection {
    /// To be asked of a primary. Whatever was acknowledged before lies before it: a commit is on disk when it is answered.
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

    /// Writes a timeline down in itself, so that a standby can be seen to follow it: one that was left behind on another may
    /// well have a log that is longer.
    func mark(_ timeline: LogTimeline) throws {
        try change(
            "INSERT INTO log_timelines (cluster, number) VALUES ($1, $2) ON CONFLICT DO NOTHING", timeline.cluster, timeline.number)
    }

    /// - Parameter position: of the primary, with its timeline written down before it.
    func standing(towards position: LogPosition) throws -> ReplicaStanding {
        let silence = longestSilence
        longestSilence = min(silence, ReplicaLimits.longestSilence)
        defer { longestSilence = silence }
        guard try clusterIdentifier() == position.timeline.cluster else {
            return .isUnfit("it belongs to another cluster than the primary")
        }
        let replayed =
            try row(
                "SELECT CASE WHEN pg_is_in_recovery() THEN (pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::bigint END"
            ) { try $0.next(Int64?.self) } ?? nil
        guard let replayed else { return .isUnfit("it is no standby (any more)") }
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
