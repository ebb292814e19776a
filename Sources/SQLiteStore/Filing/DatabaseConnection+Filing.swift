import StoreCore
import WorkflowModel

/// The limits of a filing step, which a start may have to wait for: some milliseconds.
enum FilingLimits {
    /// Runs that a step reads, including those that it does not file.
    static let runs = 200
    /// A step that has this many marks takes no further run.
    static let marks = 1_200
}

enum FilingStatement {
    static let unfiled = "SELECT run FROM unfiled_runs ORDER BY run LIMIT ?"
    static let removeUnfiled = "DELETE FROM unfiled_runs WHERE run <= ?"
    static let olderRuns = "SELECT next, last FROM older_runs"
    static let older = "SELECT number FROM runs WHERE number BETWEEN ? AND ? ORDER BY number LIMIT ?"
    static let removeOlder = "DELETE FROM older_runs"
    static let continueOlder = "UPDATE older_runs SET next = ?"
    static let anyUnfiled = "SELECT 1 FROM unfiled_runs LIMIT 1"
    static let countUnfiled = "SELECT count(*) FROM (SELECT 1 FROM unfiled_runs LIMIT ?)"
    /// Changes nothing for a run that is filed already.
    static let insertDuration = "INSERT OR IGNORE INTO run_durations (tenant, runtime_ms, id, run) VALUES (?, ?, ?, ?)"
    /// Changes nothing for a mark that is there already.
    static let insertMark = "INSERT OR IGNORE INTO run_marks (subject, state, created_at, run) VALUES (?, ?, ?, ?)"
}

/// Filing: a run at rest never changes, so what lists need beside time, state and type is written once, after its end or import.
///
/// A run that ends or is imported is noted in `unfiled_runs`. Later, a step takes some of them in one transaction: it writes a row of
/// `run_durations` and a row of `run_marks` for each subject of a run, and counts the run in the trees of these subjects and, by type, in `typed_days`. Many runs
/// in one step make that cheap, because rows are written in the order of their keys and a node of a tree is written once.
extension DatabaseConnection {
    /// Whether runs are left to file.
    func hasRunsToFile() throws -> Bool {
        if try row(FilingStatement.anyUnfiled, decode: { _ in true }) != nil { return true }
        return try row(FilingStatement.olderRuns, decode: { _ in true }) != nil
    }

    /// Roughly: the numbers of older runs may have gaps.
    func runsToFile(countingTo limit: Int) throws -> Int {
        let unfiled = try row(FilingStatement.countUnfiled, limit) { try $0.next(Int.self) } ?? 0
        let older = try row(FilingStatement.olderRuns) { (next: try $0.next(Int.self), last: try $0.next(Int.self)) }
        return min(unfiled + (older.map { max(0, $0.last - $0.next + 1) } ?? 0), limit)
    }

    /// Files some runs at rest. Those that were there before filing come last.
    func fileRuns() throws {
        if try !fileUnfiledRuns() { try fileOlderRuns() }
    }

    /// - Returns: false when there are none.
    private func fileUnfiledRuns() throws -> Bool {
        let numbers = try rows(FilingStatement.unfiled, FilingLimits.runs) { try $0.next(Int.self) }
        guard let last = try fileRuns(numbered: numbers) else { return false }
        try change(FilingStatement.removeUnfiled, last)
        return true
    }

    private func fileOlderRuns() throws {
        let older = try row(FilingStatement.olderRuns) { (next: try $0.next(Int.self), last: try $0.next(Int.self)) }
        guard let older else { return }
        let numbers = try rows(FilingStatement.older, older.next, older.last, FilingLimits.runs) { try $0.next(Int.self) }
        if let last = try fileRuns(numbered: numbers), last < older.last {
            try change(FilingStatement.continueOlder, last + 1)
        } else {
            try change(FilingStatement.removeOlder)
        }
    }

    /// Files those at rest, up to the limit of marks.
    /// - Returns: the last number that it came to; nil without numbers.
    private func fileRuns(numbered numbers: [Int]) throws -> Int? {
        var last: Int?
        var runs: [FiledRun] = []
        var marks = 0
        for number in numbers {
            guard marks < FilingLimits.marks else { break }
            last = number
            guard let run = try filedRun(numbered: number) else { continue }
            runs.append(run)
            marks += run.subjects.count
        }
        try file(runs)
        return last
    }

    private func file(_ runs: [FiledRun]) throws {
        let duration = try prepared(FilingStatement.insertDuration)
        var subjects = SubjectNumbers(self)
        var marks: [(subject: Int, dimension: RunDimension, run: FiledRun)] = []
        var changes = CountChanges()
        var typed = TypedDayChanges()
        for (run, runtime) in runs.compactMap({ run in run.runtime.map { (run, $0) } }).sorted(by: { $0.1 < $1.1 }) {
            try duration.execute(run.tenant, runtime, run.id, run.number)
        }
        for run in runs {
            for subject in run.subjects { marks.append((try subjects.findOrCreate(subject, of: run), subject.dimension, run)) }
        }
        let mark = try prepared(FilingStatement.insertMark)
        marks.sort { ($0.subject, $0.run.state.code, $0.run.createdAt) < ($1.subject, $1.run.state.code, $1.run.createdAt) }
        for (subject, dimension, run) in marks {
            guard try mark.execute(subject, run.state, run.createdAt, run.number) > 0 else { continue }
            changes.add(1, of: run, under: subject)
            typed.add(1, of: run, under: subject, dimension)
            if dimension == .text { try index(run) }
        }
        try apply(changes)
        try apply(typed)
    }

    /// Removes all that is filed, so that all runs are filed again in the background. Lists are searched until then.
    func fileAgain() throws {
        for table in ["run_marks", "typed_days", "run_durations", "run_subjects", "unfiled_runs", "older_runs"] {
            try change("DELETE FROM \(table)")
        }
        for statement in TextStatement.deleteAll { try change(statement) }
        try change("DELETE FROM run_counts WHERE type < 0")
        try change(
            """
            INSERT INTO older_runs (next, last)
            SELECT first, last FROM (SELECT (SELECT min(number) FROM runs) AS first, (SELECT max(number) FROM runs) AS last)
            WHERE first IS NOT NULL
            """)
    }
}
