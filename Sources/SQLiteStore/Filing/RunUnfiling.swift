import StoreCore
import WorkflowModel

enum UnfilingStatement {
    static let fileAgain = "INSERT INTO unfiled_runs (run) VALUES (?) ON CONFLICT DO NOTHING"
    static let duration = "DELETE FROM run_durations WHERE tenant = ? AND runtime_ms = ? AND id = ?"
    static let mark = "DELETE FROM run_marks WHERE subject = ? AND state = ? AND created_at = ? AND run = ?"
}

extension DatabaseConnection {
    /// Takes back what is filed about a run that changes, so that it is filed again.
    func fileAgain(_ number: Int) throws {
        var unfiling = RunUnfiling(self)
        guard try unfiling.remove(number) > 0 else { return }
        try unfiling.countRemoved()
        try change(UnfilingStatement.fileAgain, number)
    }
}

/// Removes what filing wrote about runs, in the transaction that deletes them. A trigger removes runs that wait to be filed.
struct RunUnfiling {
    private let database: DatabaseConnection
    private var subjects: SubjectNumbers
    private var changes = CountChanges()
    private var typed = TypedDayChanges()
    /// The subjects of removed marks, each with a run of it.
    private var touched: [Int: (subject: RunSubject, run: FiledRun)] = [:]

    init(_ database: DatabaseConnection) {
        self.database = database
        subjects = SubjectNumbers(database)
    }

    /// Removes the marks and the duration of a run that still exists.
    /// - Returns: how many rows it deleted.
    mutating func remove(_ number: Int) throws -> Int {
        guard let run = try database.filedRun(numbered: number) else { return 0 }
        // Each filed run has a mark of its texts.
        guard try removeMark(of: RunSubject(of: run.text), run) else { return 0 }
        try database.removeIndexed(run)
        var rows = 1
        if let runtime = run.runtime { rows += try database.change(UnfilingStatement.duration, run.tenant, runtime, run.id) }
        for subject in run.subjects where subject.dimension != .text {
            rows += try removeMark(of: subject, run) ? 1 : 0
        }
        return rows
    }

    private mutating func removeMark(of subject: RunSubject, _ run: FiledRun) throws -> Bool {
        guard let number = try subjects.number(of: subject, in: run.tenant),
            try database.change(UnfilingStatement.mark, number, run.state, run.createdAt, run.number) > 0
        else { return false }
        changes.add(-1, of: run, under: number)
        typed.add(-1, of: run, under: number, subject.dimension)
        touched[number] = (subject, run)
        return true
    }

    /// Takes the removed marks out of the counts, and removes subjects without marks. Called once, after the last run.
    func countRemoved() throws {
        try database.apply(changes)
        try database.apply(typed)
        for (number, (subject, run)) in touched {
            guard try database.row(SubjectStatement.hasMarks, number, decode: { _ in true }) == nil else { continue }
            if subject.dimension == .text { try database.removeIndexed(run.text, of: number, in: run.tenant) }
            try database.change(SubjectStatement.delete, number)
        }
    }
}
