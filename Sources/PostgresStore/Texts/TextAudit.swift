import StoreCore
import WorkflowModel

/// Verifies the texts of filed runs. Each statement sees one state of the database, in which nothing may be wrong.
enum TextAudit {
    /// Texts or ids that a statement reads, at most.
    static let page = 500

    /// A row for each run that has not exactly one mark under texts, and for each subject whose runs have different texts. Of older
    /// runs, some have such a mark and others do not.
    static let wrongMarks = """
        SELECT 1 FROM (
            SELECT r.tenant, r.state, r.created_at, r.id, r.ended_at, 1 AS marks FROM runs AS r
            WHERE r.tenant > 0 AND \(FiledRunStatement.isAtRest) AND NOT \(FilingAudit.isNoted)
                AND NOT \(FilingAudit.isOlder("r.tenant", "r.created_at", "r.id"))
            UNION ALL
            SELECT s.tenant, m.state, m.run_created_at, m.run, m.run_ended_at, -1
            FROM run_marks AS m JOIN run_subjects AS s ON s.number = m.subject
            WHERE m.subject > 0 AND \(FilingAudit.isText) AND NOT \(FilingAudit.isOlder("s.tenant", "m.run_created_at", "m.run"))
        ) AS t GROUP BY tenant, state, created_at, id, ended_at HAVING sum(marks) <> 0
        UNION ALL
        SELECT 1 FROM run_marks AS m JOIN run_subjects AS s ON s.number = m.subject
        JOIN runs AS r ON r.tenant = s.tenant AND r.created_at = m.run_created_at AND r.id = m.run
        WHERE m.subject > 0 AND \(FilingAudit.isText)
        GROUP BY m.subject HAVING count(DISTINCT md5(ROW(\(comparable))::text)) > 1
        UNION ALL
        SELECT 1 FROM subject_texts AS t
        WHERE NOT EXISTS (SELECT 1 FROM run_subjects AS s WHERE s.number = t.subject AND \(FilingAudit.isText))
        """

    /// Different parameters may have the same values to look into.
    private static let comparable = "r.name, coalesce(r.configuration, r.imported_configuration), r.error_message"
    private static let texts = comparable + ", r.parameters"

    /// Subjects of texts, with the texts of one of their runs. A subject whose runs were deleted may have none.
    static let subjects = """
        SELECT s.number, s.tenant, s.value, t.form, r.* FROM run_subjects AS s LEFT JOIN subject_texts AS t ON t.subject = s.number
        LEFT JOIN LATERAL (
            SELECT m.run_created_at, m.run FROM run_marks AS m WHERE m.subject = s.number LIMIT 1) AS m ON TRUE
        LEFT JOIN LATERAL (
            SELECT \(texts) FROM runs AS r WHERE r.tenant = s.tenant AND r.created_at = m.run_created_at AND r.id = m.run LIMIT 1
        ) AS r ON TRUE
        WHERE s.number > $1 AND \(FilingAudit.isText) ORDER BY s.number LIMIT $2
        """

    /// Marks with another id than SQL expects, which knows only ids in the usual form.
    static let ids = """
        SELECT m.subject, m.state, m.run_created_at, m.run, m.indexed_id, \(FilingAudit.isText)
        FROM run_marks AS m JOIN run_subjects AS s ON s.number = m.subject
        WHERE m.subject >= $1 AND (m.subject, m.state, m.run_created_at, m.run) > ($1, $2, $3, $4)
            AND CASE WHEN \(FilingAudit.isText)
                THEN m.run !~ '^wf-[0-9]{8}-[0-9]{5}-[A-Za-z0-9]{6}$' OR m.indexed_id IS DISTINCT FROM lower(right(m.run, 6))
                ELSE m.indexed_id IS NOT NULL END
        ORDER BY m.subject, m.state, m.run_created_at, m.run LIMIT $5
        """
}

extension PostgresConnection {
    /// The number of subjects whose texts are not those of their runs, in the index too.
    func wrongTexts() throws -> Int {
        var (places, last) = (0, 0)
        while true {
            let found = try rows(TextAudit.subjects, last, TextAudit.page) { columns in
                let (number, tenant) = (try columns.next(Int.self), try columns.next(Int.self))
                let (fingerprint, form) = (try columns.next(String.self), try columns.next(String?.self))
                guard let name = try columns.next(String?.self) else { return (number, isRight: form != nil) }
                let text = RunText(
                    name: name, configuration: try columns.next(), message: try columns.next(), parameters: try columns.next())
                return (number, isRight: text.fingerprint == fingerprint && form == TrigramText.form(of: text, in: tenant))
            }
            places += found.count { !$0.isRight }
            guard found.count == TextAudit.page, let next = found.last?.0 else { return places }
            last = next
        }
    }

    /// The number of marks whose id is not that of their run in the index.
    func wrongIDs() throws -> Int {
        var places = 0
        var last: (subject: Int, state: Int, createdAt: Int64, run: RunID) = (0, 0, .min, RunID(rawValue: ""))
        while true {
            let found = try rows(TextAudit.ids, last.subject, last.state, last.createdAt, last.run, TextAudit.page) { columns in
                let place = (
                    subject: try columns.next(Int.self), state: try columns.next(Int.self), createdAt: try columns.next(Int64.self),
                    run: try columns.next(RunID.self)
                )
                let (indexed, isText) = (try columns.next(String?.self), try columns.next(Bool.self))
                return (place, isRight: indexed == (isText ? TrigramText.form(of: place.run) : nil))
            }
            places += found.count { !$0.isRight }
            guard found.count == TextAudit.page, let next = found.last?.0 else { return places }
            last = next
        }
    }
}
