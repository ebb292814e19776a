import StoreCore
import WorkflowModel

/// A rule that columns have to follow, as a statement that counts the rows that break it.
struct ColumnRule {
    var subject: StoreFinding.Subject
    var message: String
    var count: String
    /// The statement that repairs the rows; nil when the right values are not known.
    var repair: String?

    /// Imported history may have runs with a number of warnings and without tasks.
    private static let otherWarnings = """
        SELECT r.number AS run, ifnull(k.warnings, 0) AS warnings FROM runs AS r LEFT JOIN (
            SELECT run, sum(json_array_length(warnings)) AS warnings FROM tasks WHERE warnings IS NOT NULL GROUP BY run) AS k
            ON k.run = r.number
        WHERE r.configuration IS NOT NULL AND r.warnings <> ifnull(k.warnings, 0)
        """

    private static let withoutDeadline = """
        SELECT r.number, r.stop_requested_at + r.after_stop_ms AS due_at FROM runs AS r
        WHERE r.state = 4 AND r.after_stop_ms IS NOT NULL AND r.stop_requested_at IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM closing_deadlines AS d WHERE d.run = r.number)
            AND EXISTS (
                SELECT 1 FROM tasks AS k
                WHERE k.tenant = r.tenant AND k.run = r.number AND k.condition IS NOT NULL AND k.state < 5)
        """

    static let all = [
        ColumnRule(
            subject: .runs, message: "Runs have ended without an end time, or have an end time and have not ended.",
            count: "SELECT count(*) FROM runs WHERE (ended_at IS NOT NULL) <> (state >= 5)"),
        ColumnRule(
            subject: .runs, message: "Ended runs still have a pending warning.",
            count: "SELECT count(*) FROM runs WHERE warn_at IS NOT NULL AND ended_at IS NOT NULL",
            repair: "UPDATE runs SET warn_at = NULL WHERE warn_at IS NOT NULL AND ended_at IS NOT NULL"),
        ColumnRule(
            subject: .runs, message: "Runs that are not stopping have a deadline of closing tasks.",
            count: "SELECT count(*) FROM closing_deadlines AS d CROSS JOIN runs AS r ON r.number = d.run WHERE r.state <> 4",
            repair: "DELETE FROM closing_deadlines WHERE (SELECT r.state FROM runs AS r WHERE r.number = run) <> 4"),
        // Without it, a closing task that hangs would keep its run forever.
        ColumnRule(
            subject: .runs, message: "Closing tasks of runs that are stopping have no deadline.",
            count: "SELECT count(*) FROM (\(withoutDeadline))",
            repair: "INSERT INTO closing_deadlines (run, due_at) SELECT number, due_at FROM (\(withoutDeadline))"),
        ColumnRule(
            subject: .runs, message: "Runs have fewer attempts than one of their tasks.",
            count: """
                SELECT count(*) FROM runs AS r WHERE r.configuration IS NOT NULL AND r.attempts < (
                    SELECT max(k.attempt) FROM tasks AS k WHERE k.tenant = r.tenant AND k.run = r.number)
                """,
            repair: """
                UPDATE runs SET attempts = (
                    SELECT max(k.attempt) FROM tasks AS k WHERE k.tenant = runs.tenant AND k.run = runs.number)
                WHERE configuration IS NOT NULL AND attempts < (
                    SELECT max(k.attempt) FROM tasks AS k WHERE k.tenant = runs.tenant AND k.run = runs.number)
                """),
        ColumnRule(
            subject: .runs, message: "Runs have another number of warnings than their tasks.",
            count: "SELECT count(*) FROM (\(otherWarnings))",
            repair: "UPDATE runs SET warnings = w.warnings FROM (\(otherWarnings)) AS w WHERE runs.number = w.run"),
        ColumnRule(
            subject: .tasks, message: "Tasks of imported history can be claimed.",
            count: """
                SELECT count(*) FROM tasks AS k CROSS JOIN runs AS r ON r.number = k.run
                WHERE k.ready_at IS NOT NULL AND r.configuration IS NULL
                """,
            repair: """
                UPDATE tasks SET ready_at = NULL
                WHERE ready_at IS NOT NULL AND (SELECT r.configuration FROM runs AS r WHERE r.number = run) IS NULL
                """),
        ColumnRule(
            subject: .tasks, message: "Tasks wait in the queue of a limit although they are not ready.",
            count: "SELECT count(*) FROM tasks WHERE parked_on IS NOT NULL AND ready_at IS NULL",
            repair: "UPDATE tasks SET parked_on = NULL WHERE parked_on IS NOT NULL AND ready_at IS NULL"),
        ColumnRule(
            subject: .tasks, message: "Tasks are held by a worker without an open attempt.",
            count: """
                SELECT count(*) FROM tasks AS k WHERE k.worker IS NOT NULL AND NOT EXISTS (
                    SELECT 1 FROM attempts AS a
                    WHERE a.tenant = k.tenant AND a.run = k.run AND a.position = k.position AND a.number = k.attempt
                        AND a.ended_at IS NULL)
                """),
        ColumnRule(
            subject: .output, message: "Attempts have a smaller output size than their kept output.",
            count: """
                SELECT count(*) FROM attempts AS a WHERE a.output_end < (
                    SELECT max(c.to_byte) FROM output_chunks AS c
                    WHERE c.tenant = a.tenant AND c.run = a.run AND c.position = a.position AND c.attempt = a.number)
                """,
            repair: """
                UPDATE attempts SET output_end = (
                    SELECT max(c.to_byte) FROM output_chunks AS c WHERE c.tenant = attempts.tenant AND c.run = attempts.run
                        AND c.position = attempts.position AND c.attempt = attempts.number)
                WHERE output_end < (
                    SELECT max(c.to_byte) FROM output_chunks AS c WHERE c.tenant = attempts.tenant AND c.run = attempts.run
                        AND c.position = attempts.position AND c.attempt = attempts.number)
                """),
        ColumnRule(
            subject: .output, message: "Output is kept beyond its limit.",
            count: """
                SELECT count(*) FROM output_chunks AS c
                CROSS JOIN attempts AS a ON a.tenant = c.tenant AND a.run = c.run AND a.position = c.position AND a.number = c.attempt
                WHERE c.to_byte <= a.output_begin
                """,
            repair: """
                DELETE FROM output_chunks WHERE to_byte <= (
                    SELECT a.output_begin FROM attempts AS a
                    WHERE a.tenant = output_chunks.tenant AND a.run = output_chunks.run AND a.position = output_chunks.position
                        AND a.number = output_chunks.attempt)
                """),
        ColumnRule(
            subject: .output, message: "Chunks of output have another length than their range.",
            count: "SELECT count(*) FROM output_chunks WHERE length(bytes) <> to_byte - from_byte"),
        ColumnRule(
            subject: .schedules, message: "Ticks wait for a pass of the scheduler that will never come.",
            count: """
                SELECT count(*) FROM ticks AS k WHERE k.outcome = 'waiting' AND NOT EXISTS (
                    SELECT 1 FROM schedule_cursors AS c
                    WHERE c.tenant = k.tenant AND c.configuration = k.configuration AND (c.wake_at IS NOT NULL OR c.waits_for_run))
                """,
            // The scheduler decides about them at its next pass, and when the pass after that is due.
            repair: """
                INSERT INTO schedule_cursors (tenant, configuration, revision, decided_until, wake_at)
                SELECT tenant, configuration, 0, max(instant), max(instant) FROM ticks WHERE outcome = 'waiting'
                GROUP BY tenant, configuration
                ON CONFLICT (tenant, configuration) DO UPDATE SET wake_at = excluded.wake_at, revision = revision + 1
                    WHERE wake_at IS NULL
                """),
    ]
}

extension DatabaseConnection {
    func columnFindings() throws -> [StoreFinding] {
        try ColumnRule.all.compactMap { rule in
            let places = try row(rule.count) { try $0.next(Int.self) } ?? 0
            guard places > 0 else { return nil }
            return StoreFinding(rule.subject, places: places, rule.message, remedy: rule.repair == nil ? .lasting : .repairable)
        }
    }
}
