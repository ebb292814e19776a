import StoreCore
public import WorkflowModel

extension PostgresStore {
    /// Verifies derived data: the rows of claimable tasks against the tasks, the wake times of schedules against their ticks,
    /// and the counts of runs.
    public func checkOfAllTenants(repairing isRepairing: Bool, at now: Timestamp) async throws -> [StoreFinding] {
        let findings = try await write { database in
            // Locks out claims, ends and starts.
            if isRepairing { try database.control("LOCK TABLE ready_tasks, task_leases IN SHARE ROW EXCLUSIVE MODE") }
            return try CheckStatement.all.compactMap { rule -> StoreFinding? in
                let places = try database.row("SELECT count(*) FROM (\(rule.places)) AS q") { try $0.next(Int.self) }
                guard let places, places > 0 else { return nil }
                if isRepairing { try database.control(rule.repair) }
                return StoreFinding(
                    rule.subject, places: places, rule.message, remedy: isRepairing ? .repaired : .repairable)
            }
        }
        let counts = try await write { try $0.runCountFindings(repairing: isRepairing) }
        return try await findings + limitFindings(repairing: isRepairing) + counts
    }
}

private struct CheckStatement {
    var subject: StoreFinding.Subject
    var message: String
    /// A row for each.
    var places: String
    var repair: String

    static let all = [
        CheckStatement(
            subject: .tasks, message: "Queued tasks are not ready.", places: queuedWithoutTask,
            repair: """
                DELETE FROM ready_tasks AS q USING (\(queuedWithoutTask)) AS s
                WHERE q.tenant = s.tenant AND q.run = s.run AND q.position = s.position
                """),
        // The scheduler decides about them at its next pass, and when the pass after that is due.
        CheckStatement(
            subject: .schedules, message: "Ticks wait for a pass of the scheduler that will never come.",
            places: """
                SELECT 1 FROM ticks AS k WHERE k.outcome = 'waiting' AND NOT EXISTS (
                    SELECT 1 FROM schedule_cursors AS c
                    WHERE c.tenant = k.tenant AND c.configuration = k.configuration AND (c.wake_at IS NOT NULL OR c.waits_for_run))
                """,
            repair: """
                INSERT INTO schedule_cursors AS c (tenant, configuration, revision, decided_until, wake_at)
                SELECT tenant, configuration, 0, max(instant), max(instant) FROM ticks WHERE outcome = 'waiting'
                GROUP BY tenant, configuration
                ON CONFLICT (tenant, configuration) DO UPDATE SET wake_at = excluded.wake_at, revision = c.revision + 1
                    WHERE c.wake_at IS NULL
                """),
    ]

    private static let queuedWithoutTask = """
        SELECT q.tenant, q.run, q.position FROM ready_tasks AS q
        WHERE NOT EXISTS (
            SELECT 1 FROM tasks AS k
            WHERE k.tenant = q.tenant AND k.run = q.run AND k.run_created_at = q.run_created_at AND k.position = q.position
                AND k.ready_at = q.ready_at)
        """
}
