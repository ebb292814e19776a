import WorkflowModel

/// How sessions with the server are opened and set up.
struct Session: Sendable {
    /// The oldest supported server.
    static let leastServerVersion = 140_000

    var address: DatabaseAddress
    var settings: PostgresSettings

    /// Connects to a server that accepts writes.
    func open() throws -> PostgresConnection {
        try open(to: "read-write")
    }

    /// - Parameter target: libpq's `target_session_attrs`, where the address does not say.
    func open(to target: String) throws -> PostgresConnection {
        let silence = settings.longestSilence.milliseconds
        let parameters = address.completed(with: [
            "application_name": settings.applicationName, "client_encoding": "UTF8", "target_session_attrs": target,
            // An unreachable machine sends nothing, not even a refusal.
            "tcp_user_timeout": "\(silence)", "keepalives_idle": "5", "keepalives_interval": "2", "keepalives_count": "3",
        ])
        let connection = try PostgresConnection(parameters, longestSilence: settings.longestSilence)
        guard connection.serverVersion >= Self.leastServerVersion else {
            throw StoreError(
                .unavailable,
                "The server is PostgreSQL \(connection.serverVersion / 10_000); accepted is \(Self.leastServerVersion / 10_000) "
                    + "or newer.")
        }
        try connection.control(setUp)
        connection.lookUpTime = settings.lookUpTime
        return connection
    }

    /// Every statement walks an index in the order of its answer, and is planned for the partitions that its values select,
    /// unless its plan is reused. Other plans are turned off, so that the plan does not depend on statistics.
    private var setUp: String {
        let timeout = settings.statementTimeout.milliseconds
        return """
            SET search_path = weir;
            SET statement_timeout = \(timeout);
            SET lock_timeout = \(timeout / 2);
            SET idle_in_transaction_session_timeout = \(timeout);
            SET client_connection_check_interval = \(timeout);
            SET plan_cache_mode = force_custom_plan;
            SET enable_seqscan = off;
            SET enable_bitmapscan = off;
            SET enable_hashjoin = off;
            SET enable_mergejoin = off;
            SET max_parallel_workers_per_gather = 0;
            SET jit = off;
            SELECT set_config('synchronous_commit', 'on', false)
            WHERE current_setting('synchronous_commit') IN ('off', 'local');
            """
    }
}
