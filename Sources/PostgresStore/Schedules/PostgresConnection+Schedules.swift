import StoreCore
import WorkflowModel

// The cursors of schedules: how far each configuration's ticks have been decided.
extension PostgresConnection: ScheduleTransaction {
    /// Locks the cursor of a configuration's schedules.
    /// - Returns: its revision; nil when the configuration has no schedules.
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
        ) { try $0.nextStretch() }
    }

    /// Makes another version current for the schedules, or none.
    ///
    /// Where the clock was set back, decided ticks are decided again; those that have a row keep it.
    /// - Parameter version: one that has schedules; nil when the configuration no longer has any.
    func changeSchedules(
        of configuration: String, tenant: Int, to version: ConfigurationVersionID?, at now: Timestamp,
        signals: inout Set<StoreSignal>
    ) throws {
        // First, so that a concurrent decision is either finished or finds another revision.
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
            // Begins now, after every decision about a deleted configuration of the same id.
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

    /// Advances the cursor, and removes the versions that have no tick left to decide.
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

    /// Wakes the schedules of a configuration after one of their runs has ended, if a tick waits for that.
    func wakeSchedules(of configuration: String, tenant: Int, at now: Timestamp) throws {
        try change(
            """
            UPDATE schedule_cursors SET wake_at = least(wake_at, $1)
            WHERE tenant = $2 AND configuration = $3 AND waits_for_run
            """, now, tenant, configuration)
    }

    /// Reads every month: a run may take long.
    func goingRuns(of configuration: String, tenant: Int) throws -> [UnfinishedRun] {
        try rows(
            """
            SELECT schedule, id FROM runs
            WHERE tenant = $1 AND configuration = $2 AND schedule IS NOT NULL AND ended_at IS NULL
            ORDER BY schedule, created_at, id
            """, tenant, configuration
        ) { try $0.nextGoingRun() }
    }
}
