import StoreCore
public import WorkflowModel

extension PostgresStore {
    /// Verifies derived data: the rows of claimable tasks against the tasks, the wake times of schedules against their ticks,
    /// the warnings of runs against those of their tasks, the counts of groups against their items, the counts of runs, and what is
    /// filed about them.
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
        let filing = try await write { try $0.filingFindings(repairing: isRepairing) }
        let items = try await itemFindings(repairing: isRepairing, at: now)
        return try await findings + items + limitFindings(repairing: isRepairing) + counts + filing
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
        CheckStatement(
            subject: .runs, message: "Runs have another number of warnings than their tasks.", places: otherWarnings,
            repair: """
                UPDATE runs AS r SET warnings = w.warnings FROM (\(otherWarnings)) AS w
                WHERE r.tenant = w.tenant AND r.id = w.id AND r.created_at = w.created_at
                """),
        CheckStatement(
            subject: .runs, message: "Runs that are not stopping have a deadline of closing tasks.", places: straysOfDeadlines,
            repair: """
                DELETE FROM closing_deadlines AS d USING (\(straysOfDeadlines)) AS s WHERE d.tenant = s.tenant AND d.run = s.run
                """),
        // Without it, a closing task that hangs would keep its run forever.
        CheckStatement(
            subject: .runs, message: "Closing tasks of runs that are stopping have no deadline.", places: withoutDeadline,
            repair: """
                INSERT INTO closing_deadlines (tenant, run, run_created_at, due_at)
                SELECT tenant, id, created_at, due_at FROM (\(withoutDeadline)) AS w
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

    /// Imported history may have runs with a number of warnings and without tasks.
    private static let otherWarnings = """
        SELECT r.tenant, r.id, r.created_at, coalesce(k.warnings, 0) AS warnings FROM runs AS r LEFT JOIN (
            SELECT tenant, run, run_created_at, sum(json_array_length(warnings::json)) AS warnings FROM tasks
            WHERE warnings IS NOT NULL GROUP BY tenant, run, run_created_at) AS k
            ON k.tenant = r.tenant AND k.run = r.id AND k.run_created_at = r.created_at
        WHERE r.configuration IS NOT NULL AND r.warnings <> coalesce(k.warnings, 0)
        """

    private static let straysOfDeadlines = """
        SELECT d.tenant, d.run FROM closing_deadlines AS d
        WHERE NOT EXISTS (
            SELECT 1 FROM runs AS r
            WHERE r.tenant = d.tenant AND r.id = d.run AND r.created_at = d.run_created_at AND r.state = 4)
        """

    private static let withoutDeadline = """
        SELECT r.tenant, r.id, r.created_at, r.stop_requested_at + r.after_stop_ms AS due_at FROM runs AS r
        WHERE r.state = 4 AND r.after_stop_ms IS NOT NULL AND r.stop_requested_at IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM closing_deadlines AS d WHERE d.tenant = r.tenant AND d.run = r.id)
            AND EXISTS (
                SELECT 1 FROM tasks AS k
                WHERE k.tenant = r.tenant AND k.run = r.id AND k.run_created_at = r.created_at AND k.condition IS NOT NULL
                    AND k.state < 5)
        """

    private static let queuedWithoutTask = """
        SELECT q.tenant, q.run, q.position FROM ready_tasks AS q
        WHERE NOT EXISTS (
            SELECT 1 FROM tasks AS k
            WHERE k.tenant = q.tenant AND k.run = q.run AND k.run_created_at = q.run_created_at AND k.position = q.position
                AND k.ready_at = q.ready_at)
        """
}
