import StoreCore
import WorkflowModel

/// A run at rest, with what filing writes about it: one that has ended, or that was imported. It is filed again when
/// its labels change, or when an imported run is stopped: nothing else changes as long as the run exists.
struct FiledRun {
    var number: Int
    var tenant: Int
    var id: RunID
    var type: Int
    var state: RunState
    var createdAt: Int64
    /// nil for imported history that has not ended.
    var endedAt: Int64?
    var text: RunText
    var subjects: [RunSubject]

    /// In milliseconds, as in the column `runtime_ms`.
    var runtime: Int64? { endedAt.map { $0 - createdAt } }
}

enum FiledRunStatement {
    /// The runs that are filed: ended and imported ones.
    static let isAtRest = "(r.ended_at IS NOT NULL OR r.configuration IS NULL)"

    /// Runs at rest. Not by an index of ended runs, whose order is not that of the table.
    static func all(_ columns: String = FiledRunStatement.columns) -> String {
        """
        SELECT \(columns)
        FROM runs AS r NOT INDEXED CROSS JOIN principals AS p ON p.number = r.principal WHERE \(isAtRest)
        """
    }

    static let columns = """
        r.number, r.tenant, r.id, r.type, r.state, r.created_at, r.ended_at, \(RunColumns.configuration), p.id, r.error_attribution,
        r.error_type, r.schedule, r.run_mode, r.labels, r.attempts, r.warnings, r.name, r.error_message,
        r.parameters
        """
    static let byNumber = all() + " AND r.number = ?"
}

extension DatabaseConnection {
    /// nil for a run that is not found or goes on.
    func filedRun(numbered number: Int) throws -> FiledRun? {
        try row(FiledRunStatement.byNumber, number) { try $0.nextFiledRun() }
    }
}

extension ColumnReader {
    /// The columns of ``FiledRunStatement/columns``.
    mutating func nextFiledRun() throws -> FiledRun {
        var run = FiledRun(
            number: try next(), tenant: try next(), id: try next(), type: try next(), state: try next(), createdAt: try next(),
            endedAt: try next(),
            text: RunText(name: ""), subjects: try nextSubjects())
        let configuration = run.subjects.first { $0.dimension == .configuration }?.value.text
        run.text = RunText(name: try next(), configuration: configuration, message: try next(), parameters: try next())
        run.subjects.append(RunSubject(of: run.text))
        if let runtime = run.runtime { run.subjects.append(RuntimeClass.subject(of: runtime)) }
        return run
    }
}
