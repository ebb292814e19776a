import GRDB
import WorkflowModel

// How far the schedules of a configuration have been decided.
extension Database {
    /// nil when there is nothing to decide about it.
    func revision(of configuration: String, tenant: Int64) throws -> Int64? {
        try row("SELECT revision FROM schedule_cursors WHERE tenant = ? AND configuration = ?", tenant, configuration) {
            try $0.next()
        }
    }

    func stretches(of configuration: String, tenant: Int64) throws -> [ScheduleStretch] {
        try rows(
            """
            SELECT v.id, s.begins_at, s.ends_at FROM schedule_stretches AS s
            CROSS JOIN configuration_versions AS v ON v.number = s.version
            WHERE s.tenant = ? AND s.configuration = ? ORDER BY s.version
            """, tenant, configuration
        ) { ScheduleStretch(version: try $0.next(), begin: try $0.next(), end: try $0.next()) }
    }

    /// Another version is current from now on, or none with schedules.
    ///
    /// Where the clock had been set back, ticks that were decided are looked at again: those with a row are left as they are.
    /// - Parameter version: the row of one that has schedules; nil when none has any more.
    func changeSchedules(
        of configuration: String, tenant: Int64, to version: Int64?, at now: Timestamp, signals: inout Set<StoreSignal>
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
            // Begins where no decision about a former life of the configuration can have been made.
            try change(
                """
                INSERT INTO schedule_cursors (tenant, configuration, revision, decided_until, wake_at) VALUES (?1, ?2, ?3, ?3, ?3)
                """, tenant, configuration, now)
            signals.insert(.schedules)
        }
        try change(
            "INSERT INTO schedule_stretches (tenant, configuration, version, begins_at) VALUES (?, ?, ?, ?)", tenant,
            configuration, version, now)
    }

    /// Moves on to where a decision has come, and forgets the versions that have no tick left to decide.
    func save(_ decision: ScheduleDecision, tenant: Int64) throws {
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

    /// A run of a schedule has ended: what waits for that can start.
    func wakeSchedules(of configuration: String, tenant: Int64, at now: Timestamp) throws {
        try change(
            """
            UPDATE schedule_cursors SET wake_at = min(coalesce(wake_at, ?1), ?1)
            WHERE tenant = ?2 AND configuration = ?3 AND waits_for_run
            """, now, tenant, configuration)
    }

    func goingRuns(of configuration: String, tenant: Int64) throws -> [GoingRun] {
        try rows(
            """
            SELECT schedule, id FROM runs INDEXED BY runs_scheduled
            WHERE tenant = ? AND configuration = ? AND schedule IS NOT NULL AND ended_at IS NULL ORDER BY schedule, number
            """, tenant, configuration
        ) { GoingRun(schedule: try $0.next(), run: try $0.next()) }
    }
}
