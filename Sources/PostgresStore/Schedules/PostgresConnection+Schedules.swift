import WorkflowModel

// How far the schedules of a configuration have been decided.
extension PostgresConnection {
    /// Takes hold of what is decided about a configuration's schedules.
    /// - Returns: its revision; nil when there is nothing to decide about it.
    func takeSchedules(of configuration: String, tenant: Int) throws -> Int64? {
        try row(
            "SELECT revision FROM schedule_cursors WHERE tenant = $1 AND configuration = $2 FOR UPDATE", tenant, configuration
        ) { try $0.next() }
    }

    func stretches(of configuration: String, tenant: Int) throws -> [ScheduleStretch] {
        try rows(
            """
            SELECT v.id, s.begins_at, s.ends_at FROM schedule_stretches AS s
            JOIN configuration_versions AS v ON v.number = s.version
            WHERE s.tenant = $1 AND s.configuration = $2 ORDER BY s.version
            """, tenant, configuration
        ) { ScheduleStretch(version: try $0.next(), begin: try $0.next(), end: try $0.next()) }
    }

    /// Another version is current from now on, or none with schedules.
    ///
    /// Where the clock had been set back, ticks that were decided are looked at again: those with a row are left as they are.
    /// - Parameter version: one that has schedules; nil when none has any more.
    func changeSchedules(
        of configuration: String, tenant: Int, to version: ConfigurationVersionID?, at now: Timestamp,
        signals: inout Set<StoreSignal>
    ) throws {
        // First, so that whoever decides meanwhile is through, or finds another revision.
        let found = try change(
            """
            UPDATE schedule_cursors SET revision = revision + 1, decided_until = least(decided_until, $1), wake_at = $1
            WHERE tenant = $2 AND configuration = $3
            """, now, tenant, configuration)
        if found > 0 {
            signals.insert(.schedules)
            try change(
                """
                UPDATE schedule_stretches SET ends_at = greatest(begins_at, $1)
                WHERE tenant = $2 AND configuration = $3 AND ends_at IS NULL
                """, now, tenant, configuration)
        }
        guard let version else { return }
        if found == 0 {
            // Begins where no decision about a former life of the configuration can have been made.
            try change(
                """
                INSERT INTO schedule_cursors (tenant, configuration, revision, decided_until, wake_at)
                VALUES ($1, $2, $3, $3, $3)
                """, tenant, configuration, now)
            signals.insert(.schedules)
        }
        try change(
            """
            INSERT INTO schedule_stretches (tenant, configuration, version, begins_at)
            SELECT tenant, configuration, number, $3 FROM configuration_versions WHERE tenant = $1 AND id = $2
            """, tenant, version, now)
    }

    /// Moves on to where a decision has come, and forgets the versions that have no tick left to decide.
    func save(_ decision: ScheduleDecision, tenant: Int) throws {
        try change(
            "DELETE FROM schedule_stretches WHERE tenant = $1 AND configuration = $2 AND (ends_at <= $3 OR $4)", tenant,
            decision.configuration, decision.decidedUntil, decision.isOver)
        if decision.isOver {
            try change(
                "DELETE FROM schedule_cursors WHERE tenant = $1 AND configuration = $2", tenant, decision.configuration)
        } else {
            try change(
                """
                UPDATE schedule_cursors SET revision = revision + 1, decided_until = $1, wake_at = $2, waits_for_run = $3
                WHERE tenant = $4 AND configuration = $5
                """,
                decision.decidedUntil, decision.wakeAt, decision.waitsForRun, tenant, decision.configuration)
        }
    }

    /// A run of a schedule has ended: what waits for that can start.
    func wakeSchedules(of configuration: String, tenant: Int, at now: Timestamp) throws {
        try change(
            """
            UPDATE schedule_cursors SET wake_at = least(wake_at, $1)
            WHERE tenant = $2 AND configuration = $3 AND waits_for_run
            """, now, tenant, configuration)
    }

    /// Looks into every month: a run may go on for long.
    func goingRuns(of configuration: String, tenant: Int) throws -> [GoingRun] {
        try rows(
            """
            SELECT schedule, id FROM runs
            WHERE tenant = $1 AND configuration = $2 AND schedule IS NOT NULL AND ended_at IS NULL
            ORDER BY schedule, created_at, id
            """, tenant, configuration
        ) { GoingRun(schedule: try $0.next(), run: try $0.next()) }
    }
}
