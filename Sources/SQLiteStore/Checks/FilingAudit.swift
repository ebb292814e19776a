import StoreCore
import WorkflowModel

/// Verifies marks, durations and indexes of texts against the runs at rest, each of which is either filed or waits for it.
struct FilingAudit {
    static let runs = FiledRunStatement.all(
        """
        \(FiledRunStatement.columns),
        EXISTS (
            SELECT 1 FROM run_durations AS d
            WHERE d.tenant = r.tenant AND d.runtime_ms = r.runtime_ms AND d.id = r.id AND d.run = r.number),
        EXISTS (SELECT 1 FROM unfiled_runs AS u WHERE u.run = r.number),
        EXISTS (SELECT 1 FROM older_runs AS o WHERE r.number BETWEEN o.next AND o.last)
        """)
    static let mark = "SELECT 1 FROM run_marks WHERE subject = ? AND state = ? AND created_at = ? AND run = ?"
    static let durations = "SELECT count(*) FROM run_durations"
    static let marks = "SELECT count(*) FROM run_marks"
    static let strays = """
        SELECT count(*) FROM unfiled_runs AS u LEFT JOIN runs AS r ON r.number = u.run
        WHERE r.number IS NULL OR NOT \(FiledRunStatement.isAtRest)
        """

    /// Runs that are not filed as they should be, and rows without a run.
    private(set) var places = 0
    private let database: DatabaseConnection
    /// The rows that were found through their runs. Every other row is one too many.
    private var found = (durations: 0, marks: 0)
    /// The subjects whose texts were found in their index.
    private var indexed: Set<Int> = []

    init(_ database: DatabaseConnection) throws {
        self.database = database
        var subjects = SubjectNumbers(database)
        try database.prepared(Self.runs).forEachRow { columns in
            let run = try columns.nextFiledRun()
            let (hasDuration, marks) = (try columns.next(Bool.self), try self.marks(of: run, &subjects))
            let (isUnfiled, isOlder) = (try columns.next(Bool.self), try columns.next(Bool.self))
            found.durations += hasDuration ? 1 : 0
            found.marks += marks
            let waits = !hasDuration && marks == 0 && (isUnfiled || isOlder)
            let isFiled = hasDuration == (run.endedAt != nil) && marks == run.subjects.count
            let isRight = try waits || (isFiled && !isUnfiled && isIndexed(run, &subjects))
            if !isRight { places += 1 }
        }
        places += try count(Self.durations) - found.durations
        places += try count(Self.marks) - found.marks
        places += try count(Self.strays)
    }

    /// How many of its marks a run has.
    private func marks(of run: FiledRun, _ subjects: inout SubjectNumbers) throws -> Int {
        try run.subjects.count { subject in
            guard let number = try subjects.number(of: subject, in: run.tenant) else { return false }
            return try database.row(Self.mark, number, run.state, run.createdAt, run.number) { _ in true } ?? false
        }
    }

    /// Whether the indexes of trigrams have the id and the texts of a run.
    private mutating func isIndexed(_ run: FiledRun, _ subjects: inout SubjectNumbers) throws -> Bool {
        guard try database.isIndexed(run), let text = try subjects.number(of: RunSubject(of: run.text), in: run.tenant)
        else { return false }
        guard indexed.insert(text).inserted else { return true }
        return try database.isIndexed(run.text, of: text, in: run.tenant)
    }

    private func count(_ statement: String) throws -> Int {
        try database.row(statement) { try $0.next() } ?? 0
    }
}
