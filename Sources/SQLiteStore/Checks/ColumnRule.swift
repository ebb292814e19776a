import GRDB
import WorkflowModel

/// What columns have to say about each other, as a statement that counts those that do not.
struct ColumnRule {
    var subject: StoreFinding.Subject
    var message: String
    var count: String
    /// The statement that puts it right; nil when what would be right is not known.
    var repair: String?

    static let all = [
        ColumnRule(
            subject: .runs, message: "Runs have ended and do not say when, or say when and have not.",
            count: "SELECT count(*) FROM runs WHERE (ended_at IS NOT NULL) <> (state >= 5)"),
        ColumnRule(
            subject: .runs, message: "Runs that have ended are still watched for taking too long.",
            count: "SELECT count(*) FROM runs WHERE warn_at IS NOT NULL AND ended_at IS NOT NULL",
            repair: "UPDATE runs SET warn_at = NULL WHERE warn_at IS NOT NULL AND ended_at IS NOT NULL"),
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
            subject: .tasks, message: "Tasks wait for a limit that could not be claimed anyway.",
            count: "SELECT count(*) FROM tasks WHERE parked_on IS NOT NULL AND ready_at IS NULL",
            repair: "UPDATE tasks SET parked_on = NULL WHERE parked_on IS NOT NULL AND ready_at IS NULL"),
        ColumnRule(
            subject: .tasks, message: "Tasks are held by a worker that no open attempt tells of.",
            count: """
                SELECT count(*) FROM tasks AS k WHERE k.worker IS NOT NULL AND NOT EXISTS (
                    SELECT 1 FROM attempts AS a
                    WHERE a.tenant = k.tenant AND a.run = k.run AND a.position = k.position AND a.number = k.attempt
                        AND a.ended_at IS NULL)
                """),
        ColumnRule(
            subject: .output, message: "Attempts say that they printed less than what is kept of it.",
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
            subject: .output, message: "Output is kept that was to be dropped.",
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
            subject: .output, message: "Pieces of output are longer or shorter than they say.",
            count: "SELECT count(*) FROM output_chunks WHERE length(bytes) <> to_byte - from_byte"),
        ColumnRule(
            subject: .schedules, message: "Ticks of schedules wait for what nobody will look at again.",
            count: """
                SELECT count(*) FROM ticks AS k WHERE k.outcome = 'waiting' AND NOT EXISTS (
                    SELECT 1 FROM schedule_cursors AS c
                    WHERE c.tenant = k.tenant AND c.configuration = k.configuration AND (c.wake_at IS NOT NULL OR c.waits_for_run))
                """,
            // Whoever looks decides what becomes of them, and when to look again.
            repair: """
                INSERT INTO schedule_cursors (tenant, configuration, revision, decided_until, wake_at)
                SELECT tenant, configuration, 0, max(instant), max(instant) FROM ticks WHERE outcome = 'waiting'
                GROUP BY tenant, configuration
                ON CONFLICT (tenant, configuration) DO UPDATE SET wake_at = excluded.wake_at, revision = revision + 1
                    WHERE wake_at IS NULL
                """),
    ]
}

extension Database {
    func columnFindings() throws -> [StoreFinding] {
        try ColumnRule.all.compactMap { rule in
            let places = try row(rule.count) { try $0.next(Int.self) } ?? 0
            guard places > 0 else { return nil }
            return StoreFinding(rule.subject, places: places, rule.message, remedy: rule.repair == nil ? .lasting : .repairable)
        }
    }
}
