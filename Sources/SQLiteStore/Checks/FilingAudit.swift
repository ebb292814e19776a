import StoreCore
import WorkflowModel

/// Verifies marks and durations against the ended runs, each of which is either filed or waits for it.
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
    static let mark = """
        SELECT 1 FROM run_marks WHERE subject = ? AND state = ? AND created_at = ? AND id = ? AND ended_at = ? AND run = ?
        """
    static let durations = "SELECT count(*) FROM run_durations"
    static let marks = "SELECT count(*) FROM run_marks"
    static let strays = """
        SELECT count(*) FROM unfiled_runs AS u LEFT JOIN runs AS r ON r.number = u.run WHERE r.ended_at IS NULL
        """

    /// Runs that are not filed as they should be, and rows without a run.
    private(set) var places = 0
    private let database: DatabaseConnection
    /// The rows that were found through their runs. Every other row is one too many.
    private var found = (durations: 0, marks: 0)

    init(_ database: DatabaseConnection) throws {
        self.database = database
        var subjects = SubjectNumbers(database)
        try database.prepared(Self.runs).forEachRow { columns in
            let run = try columns.nextFiledRun()
            let isFiled = try columns.next(Bool.self)
            let (isUnfiled, isOlder) = (try columns.next(Bool.self), try columns.next(Bool.self))
            let isRight = try isFiled ? hasItsMarks(run, &subjects) && !isUnfiled : isUnfiled || isOlder
            if isFiled { found.durations += 1 }
            if !isRight { places += 1 }
        }
        places += try count(Self.durations) - found.durations
        places += try count(Self.marks) - found.marks
        places += try count(Self.strays)
    }

    private mutating func hasItsMarks(_ run: FiledRun, _ subjects: inout SubjectNumbers) throws -> Bool {
        var marks = 0
        for subject in run.subjects {
            guard let number = try subjects.number(of: subject, in: run.tenant) else { continue }
            let mark = try database.row(Self.mark, number, run.state, run.createdAt, run.id, run.endedAt, run.number) { _ in 1 }
            marks += mark ?? 0
        }
        found.marks += marks
        return marks == run.subjects.count
    }

    private func count(_ statement: String) throws -> Int {
        try database.row(statement) { try $0.next() } ?? 0
    }
}
