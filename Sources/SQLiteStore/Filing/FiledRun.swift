import StoreCore
import WorkflowModel

/// An ended run, with what filing writes about it. None of that changes as long as the run exists.
struct FiledRun {
    var number: Int
    var tenant: Int
    var id: RunID
    var state: RunState
    var createdAt: Int64
    var endedAt: Int64
    var subjects: [RunSubject]

    /// In milliseconds, as in the column `runtime_ms`.
    var runtime: Int64 { endedAt - createdAt }
}

enum FiledRunStatement {
    /// Ended runs. Not by an index of ended runs, whose order is not that of the table.
    static func all(_ columns: String = FiledRunStatement.columns) -> String {
        """
        SELECT \(columns)
        FROM runs AS r NOT INDEXED CROSS JOIN principals AS p ON p.number = r.principal WHERE r.ended_at IS NOT NULL
        """
    }

    static let columns = """
        r.number, r.tenant, r.id, r.state, r.created_at, r.ended_at, \(RunColumns.configuration), p.id, r.error_attribution,
        r.error_type, r.schedule, r.run_mode, r.labels, r.attempts
        """
    static let byNumber = all() + " AND r.number = ?"
}

extension DatabaseConnection {
    /// nil for a run that is not found or has not ended.
    func filedRun(numbered number: Int) throws -> FiledRun? {
        try row(FiledRunStatement.byNumber, number) { try $0.nextFiledRun() }
    }
}

extension ColumnReader {
    /// The columns of ``FiledRunStatement/columns``.
    mutating func nextFiledRun() throws -> FiledRun {
        var run = FiledRun(
            number: try next(), tenant: try next(), id: try next(), state: try next(), createdAt: try next(), endedAt: try next(),
            subjects: [])
        for dimension in [RunDimension.configuration, .principal, .attribution, .errorType, .schedule, .runMode] {
            if let value = try next(String?.self) { run.subjects.append(RunSubject(dimension, value)) }
        }
        for label in try next(RunLabels.self) { run.subjects.append(RunSubject(.label, label.description)) }
        if try next(Int.self) > 1 { run.subjects.append(RunSubject(.retried, "")) }
        return run
    }
}
