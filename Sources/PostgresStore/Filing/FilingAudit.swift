import StoreCore
import WorkflowModel

/// Verifies marks and their counts against the runs at rest, each of which is either filed or waits for it.
enum FilingAudit {
    /// A row for each place that is wrong: a mark that is missing, or one too many, and a wrong count.
    static let wrong = """
        SELECT 1 FROM (
            SELECT s.number, r.state, r.created_at, r.id, r.ended_at, r.type, 1 AS marks
            FROM runs AS r CROSS JOIN LATERAL \(subjects) LEFT JOIN run_subjects AS s ON s.tenant = r.tenant AND \(isSame)
            WHERE r.tenant > 0 AND \(FiledRunStatement.isAtRest) AND NOT \(isNoted) AND (NOT \(isOlder) OR \(hasMark))
            UNION ALL
            SELECT m.subject, m.state, m.run_created_at, m.run, m.run_ended_at, m.type, -1 FROM run_marks AS m
            WHERE m.subject > 0 AND NOT EXISTS (SELECT 1 FROM run_subjects AS s WHERE s.number = m.subject AND \(isText))
        ) AS m GROUP BY number, state, created_at, id, ended_at, type HAVING sum(marks) <> 0
        UNION ALL
        \(TextAudit.wrongMarks)
        UNION ALL
        SELECT 1 FROM (
            SELECT subject, state, day, type, runs FROM subject_days WHERE subject > 0
            UNION ALL
            SELECT subject, state, \(FilingStatement.day), type, -1 FROM run_marks WHERE subject > 0
        ) AS d GROUP BY subject, state, day, type HAVING sum(runs) <> 0
        """

    /// Texts are verified by ``TextAudit``.
    static let isText = "s.dimension = \(RunDimension.text.rawValue)"

    /// The subjects of the run `r`, without its texts.
    private static let subjects = """
        (SELECT x.dimension, x.value FROM (VALUES
            (1, coalesce(r.configuration, r.imported_configuration)),
            (2, (SELECT p.id FROM principals AS p WHERE p.number = r.principal)), (3, r.error_attribution), (4, r.error_type),
            (5, r.schedule), (6, r.run_mode), (8, CASE WHEN r.attempts > 1 THEN least(r.attempts, \(AttemptClass.most))::text END),
            (10, CASE WHEN r.warnings > 0 THEN '' END),
            (11, width_bucket(r.ended_at - r.created_at, '{\(runtimes)}'::bigint[])::text)) AS x (dimension, value)
        WHERE x.value IS NOT NULL
        UNION ALL SELECT 7, unnest(string_to_array(r.labels, ','))) AS c (dimension, value)
        """

    private static let runtimes = RuntimeClass.bounds.map(String.init).joined(separator: ",")

    private static let isSame = "s.dimension = c.dimension AND left(s.value, 200) = left(c.value, 200) AND s.value = c.value"

    static let isNoted = """
        EXISTS (SELECT 1 FROM unfiled_runs AS u WHERE u.tenant = r.tenant AND u.run_created_at = r.created_at AND u.run = r.id)
        """

    /// Whether the run may be one that was there before filing, and is not filed yet.
    private static let isOlder = isOlder("r.tenant", "r.created_at", "r.id")

    /// - Parameters: columns of a run.
    static func isOlder(_ tenant: String, _ createdAt: String, _ id: String) -> String {
        """
        EXISTS (
            SELECT 1 FROM older_runs AS o
            WHERE o.is_only AND (\(tenant), \(createdAt), \(id)) > (o.tenant, o.run_created_at, o.run))
        """
    }

    /// Every run has a principal.
    private static let hasMark = """
        EXISTS (
            SELECT 1 FROM principals AS p
            JOIN run_subjects AS s ON s.tenant = r.tenant AND s.dimension = 2 AND left(s.value, 200) = left(p.id, 200)
                AND s.value = p.id
            JOIN run_marks AS m ON m.subject = s.number AND m.state = r.state AND m.run_created_at = r.created_at AND m.run = r.id
            WHERE p.number = r.principal)
        """
}

extension PostgresConnection {
    /// - Parameter isRepairing: whether to file everything again where anything is wrong.
    func filingFindings(repairing isRepairing: Bool) throws -> [StoreFinding] {
        let silence = longestSilence
        longestSilence = PostgresSettings.schemaTimeout
        defer { longestSilence = silence }
        // Comparing all runs may take longer than a request may.
        try control("SET LOCAL statement_timeout = 0")
        if isRepairing { try lockMarks() }
        var places = try row("SELECT count(*) FROM (\(FilingAudit.wrong)) AS w") { try $0.next(Int.self) } ?? 0
        places += try wrongTexts() + wrongIDs()
        guard places > 0 else { return [] }
        if isRepairing { try fileAgain() }
        return [
            StoreFinding(
                .filing, places: places, "Marks of runs, or their counts, do not match the runs.",
                remedy: isRepairing ? .repaired : .repairable)
        ]
    }
}
