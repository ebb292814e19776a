import StoreCore
import WorkflowModel

enum UnfilingStatement {
    static let duration = "DELETE FROM run_durations WHERE tenant = ? AND runtime_ms = ? AND id = ?"
    static let mark = "DELETE FROM run_marks WHERE subject = ? AND state = ? AND created_at = ? AND id = ?"
}

/// Removes what filing wrote about runs, in the transaction that deletes them. A trigger removes runs that wait to be filed.
struct RunUnfiling {
    private let database: DatabaseConnection
    private var subjects: SubjectNumbers
    private var changes = CountChanges()

    init(_ database: DatabaseConnection) {
        self.database = database
        subjects = SubjectNumbers(database)
    }

    /// Removes the marks and the duration of a run that still exists.
    /// - Returns: how many rows it deleted.
    mutating func remove(_ number: Int) throws -> Int {
        guard let run = try database.filedRun(numbered: number) else { return 0 }
        var rows = try database.change(UnfilingStatement.duration, run.tenant, run.runtime, run.id)
        guard rows > 0 else { return 0 }
        for subject in run.subjects {
            guard let number = try subjects.number(of: subject, in: run.tenant) else { continue }
            let marks = try database.change(UnfilingStatement.mark, number, run.state, run.createdAt, run.id)
            guard marks > 0 else { continue }
            rows += marks
            changes.add(-1, of: run, under: number)
        }
        return rows
    }

    /// Takes the removed marks out of the counts. Called once, after the last run.
    func countRemoved() throws {
        try database.apply(changes)
    }
}
