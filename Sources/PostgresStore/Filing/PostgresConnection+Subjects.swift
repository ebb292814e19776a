import StoreCore
import WorkflowModel

/// A subject of a tenant.
struct PlacedSubject: Hashable {
    var tenant: Int
    var subject: RunSubject
}

extension FiledRun {
    var placedSubjects: [PlacedSubject] { subjects.map { PlacedSubject(tenant: key.tenant, subject: $0) } }
}

enum SubjectStatement {
    /// An index has the beginning of a value.
    static let matches = """
        s.tenant = c.tenant AND s.dimension = c.dimension AND left(s.value, 200) = left(c.value, 200) AND s.value = c.value
        """
    static let numbers = """
        SELECT s.tenant, s.dimension, s.value, s.number FROM unnest($1, $2, $3) AS c (tenant, dimension, value)
        JOIN run_subjects AS s ON \(matches)
        """
    static let insert = """
        INSERT INTO run_subjects AS s (tenant, dimension, value) SELECT * FROM unnest($1, $2, $3)
        RETURNING s.tenant, s.dimension, s.value, s.number
        """
    static let insertTexts = "INSERT INTO subject_texts (subject, form) SELECT * FROM unnest($1, $2)"

    static let touch = "INSERT INTO touched_subjects (subject) SELECT * FROM unnest($1) ON CONFLICT DO NOTHING"
    /// - Parameter days: the partition of a month that is dropped.
    static func touch(from days: String) -> String {
        "INSERT INTO touched_subjects (subject) SELECT DISTINCT subject FROM \(days) ON CONFLICT DO NOTHING"
    }
    static let anyTouched = "SELECT 1 FROM touched_subjects ORDER BY subject LIMIT 1"
    /// Takes some touched subjects, and deletes those without marks.
    static let removeEmpty = """
        WITH touched AS (
            DELETE FROM touched_subjects
            WHERE subject = ANY (ARRAY(SELECT subject FROM touched_subjects ORDER BY subject LIMIT $1)) RETURNING subject),
        gone AS (
            DELETE FROM run_subjects AS s USING touched AS t
            WHERE s.number = t.subject AND NOT EXISTS (SELECT 1 FROM run_marks AS m WHERE m.subject = t.subject)
            RETURNING s.number),
        days AS (DELETE FROM subject_days AS d USING gone AS g WHERE d.subject = g.number)
        DELETE FROM subject_texts AS t USING gone AS g WHERE t.subject = g.number
        """
}

extension PostgresConnection {
    /// The numbers of the subjects under which a run has been filed.
    func numbers(of subjects: Set<PlacedSubject>) throws -> [PlacedSubject: Int] {
        try numbers(of: subjects, by: SubjectStatement.numbers)
    }

    /// Numbers of the subjects of runs, and new ones for those under which no run has been filed. Only for the transaction that
    /// files.
    func numbersOrNew(of runs: [FiledRun]) throws -> [PlacedSubject: Int] {
        let subjects = Set(runs.flatMap(\.placedSubjects))
        let known = try numbers(of: subjects)
        let new = try numbers(of: subjects.subtracting(known.keys), by: SubjectStatement.insert)
        try addTexts(of: runs, under: new)
        return known.merging(new) { known, _ in known }
    }

    /// Adds the texts of new subjects, each once.
    private func addTexts(of runs: [FiledRun], under new: [PlacedSubject: Int]) throws {
        var forms: [Int: String] = [:]
        for run in runs {
            let subject = PlacedSubject(tenant: run.key.tenant, subject: RunSubject(of: run.text))
            guard let number = new[subject], forms[number] == nil else { continue }
            forms[number] = TrigramText.form(of: run.text, in: run.key.tenant)
        }
        guard !forms.isEmpty else { return }
        let numbers = forms.keys.sorted()
        try change(SubjectStatement.insertTexts, Column(numbers), Column(numbers.compactMap { forms[$0] }))
    }

    /// Deletes subjects of deleted runs that have no marks left. Only for the transaction that files.
    func removeEmptySubjects() throws {
        try change(SubjectStatement.removeEmpty, FilingLimits.subjects)
    }

    private func numbers(of subjects: Set<PlacedSubject>, by statement: String) throws -> [PlacedSubject: Int] {
        guard !subjects.isEmpty else { return [:] }
        let list = Array(subjects)
        let found = try rows(
            statement, Column(list.map(\.tenant)), Column(list.map(\.subject.dimension.rawValue)),
            Column(list.map(\.subject.value.text))
        ) { columns in
            let (tenant, number, value) = (try columns.next(Int.self), try columns.next(Int.self), try columns.next(String.self))
            guard let dimension = RunDimension(rawValue: number) else { throw StoreError.unreadable("the dimension \(number)") }
            return (PlacedSubject(tenant: tenant, subject: RunSubject(dimension, value)), try columns.next(Int.self))
        }
        return Dictionary(found, uniquingKeysWith: { first, _ in first })
    }
}
