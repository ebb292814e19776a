import StoreCore
import WorkflowModel

// The cursors of schedules: how far each configuration's ticks have been decided.
extension DatabaseConnection: ScheduleTransaction {
    /// nil when the configuration has no schedules.
    func revision(of configuration: String, tenant: Int) throws -> Int64? {
        try row("SELECT revision FROM schedule_cursors WHERE tenant = ? AND configuration = ?", tenant, configuration) {
            try $0.next()
        }
    }

    func stretches(of configuration: String, tenant: Int) throws -> [ScheduleStretch] {
        try rows(
            """
            SELECT v.id, s.begins_at, s.ends_at FROM schedule_stretches AS s
            CROSS JOIN configuration_versions AS v ON v.number = s.version
            WHERE s.tenant = ? AND s.configuration = ? ORDER BY s.version
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
        try change(
            """
            UPDATE schedule_stretches SET ends_at = max(begins_at, ?)
            WHERE tenant = ? AND configuration = ? AND ends_at IS NULL
            """, now, tenant, configuration)
        let found = try change(
            """
            UPDATE schedule_cursors SET revision = revision + 1, decided_until = min(decided_until, ?1), wake_at = ?1
            WHERE tenant = ?2 AND configuration = ?3
            """, now, tenant, configuration)
        if found > 0 { signals.insert(.schedules) }
        guard let version else { return }
        if found == 0 {
            // Begins now, after every decision about a deleted configuration of the same id.
            try change(
                """
                INSERT INTO schedule_cursors (tenant, configuration, revision, decided_until, wake_at) VALUES (?1, ?2, ?3, ?3, ?3)
                """, tenant, configuration, now)
            signals.insert(.schedules)
        }
        try change(
            """
            INSERT INTO schedule_stretches (tenant, configuration, version, begins_at)
            SELECT tenant, configuration, number, ? FROM configuration_versions WHERE tenant = ? AND id = ?
            """, now, tenant, version)
    }

    /// Advances the cursor, and removes the versions that have no tick left to decide.
    func save(_ decision: ScheduleDecision, tenant: Int) throws {
        try change(
            "DELETE FROM schedule_stretches WHERE tenant = ? AND configuration = ? AND ends_at <= ?", tenant,
            decision.configuration, decision.decidedUntil)
        if decision.isOver {
            try change(
                "DELETE FROM schedule_stretches WHERE tenant = ? AND configuration = ?", tenant, decision.configuration)
            try change(
                "DELETE FROM schedule_cursors WHERE tenant = ? AND configuration = ?", tenant, decision.configuration)
        } else {
            try change(
                """
                UPDATE schedule_cursors SET revision = revision + 1, decided_until = ?, wake_at = ?, waits_for_run = ?
                WHERE tenant = ? AND configuration = ?
                """,
                decision.decidedUntil, decision.wakeAt, decision.waitsForRun, tenant, decision.configuration)
        }
    }

    /// Wakes the schedules of a configuration after one of their runs has ended, if a tick waits for that.
    func wakeSchedules(of configuration: String, tenant: Int, at now: Timestamp) throws {
        try change(
            """
            UPDATE schedule_cursors SET wake_at = min(coalesce(wake_at, ?1), ?1)
            WHERE tenant = ?2 AND configuration = ?3 AND waits_for_run
            """, now, tenant, configuration)
    }

    func goingRuns(of configuration: String, tenant: Int) throws -> [UnfinishedRun] {
        try rows(
            """
            SELECT schedule, id FROM runs INDEXED BY runs_scheduled
            WHERE tenant = ? AND configuration = ? AND schedule IS NOT NULL AND ended_at IS NULL ORDER BY schedule, number
            """, tenant, configuration
        ) { try $0.nextGoingRun() }
    }
}
