import StoreCore
import WorkflowModel

/// A run at rest, with what filing writes about it: one that has ended, or that was imported. It is filed again when its labels
/// change, or when an imported run is stopped: nothing else changes as long as the run exists.
struct FiledRun {
    var key: RunKey
    var type: Int
    var state: RunState
    /// nil for imported history that has not ended.
    var endedAt: Timestamp?
    var text: RunText
    var subjects: [RunSubject]
}

enum FiledRunStatement {
    /// The runs that are filed: ended and imported ones.
    static let isAtRest = "(r.ended_at IS NOT NULL OR r.configuration IS NULL)"

    /// Of `runs AS r` and `principals AS p`.
    static let columns = """
        r.tenant, r.id, r.created_at, r.type, r.state, r.ended_at, \(isAtRest), coalesce(r.configuration, r.imported_configuration), p.id,
        r.error_attribution, r.error_type, r.schedule, r.run_mode, r.labels, r.attempts, r.warnings, r.name, r.error_message,
        r.parameters
        """
    /// The columns of runs that ``columns`` need.
    static let ofRuns = """
        r.tenant, r.id, r.created_at, r.type, r.state, r.ended_at, r.configuration, r.imported_configuration, r.principal,
        r.error_attribution, r.error_type, r.schedule, r.run_mode, r.labels, r.attempts, r.warnings, r.name, r.error_message,
        r.parameters
        """
    /// Without a condition on the end: the server would take an index of ended runs, of which only the first column is known.
    static let byKeys = """
        SELECT \(columns) FROM unnest($1, $2, $3) AS c (tenant, id, created_at)
        JOIN runs AS r ON r.tenant = c.tenant AND r.id = c.id AND r.created_at = c.created_at
        JOIN principals AS p ON p.number = r.principal
        WHERE r.created_at BETWEEN $4 AND $5
        """
    /// The bytes of the texts of runs, of those that exist.
    static let textBytes = """
        SELECT r.tenant, r.id, r.created_at, octet_length(r.name) + coalesce(octet_length(r.error_message), 0)
            + coalesce(octet_length(r.parameters), 0)
        FROM unnest($1, $2, $3) AS c (tenant, id, created_at)
        JOIN runs AS r ON r.tenant = c.tenant AND r.id = c.id AND r.created_at = c.created_at
        WHERE r.created_at BETWEEN $4 AND $5
        """
}

extension ColumnReader {
    /// The columns of ``FiledRunStatement/columns``; nil for a run that goes on.
    mutating func nextFiledRun() throws -> FiledRun? {
        let key = RunKey(tenant: try next(), id: try next(), createdAt: try next())
        let (type, state) = (try next(Int.self), try next(RunState.self))
        let (endedAt, isAtRest) = (try next(Timestamp?.self), try next(Bool.self))
        guard isAtRest else { return nil }
        var run = FiledRun(
            key: key, type: type, state: state, endedAt: endedAt, text: RunText(name: ""), subjects: try nextSubjects())
        let configuration = run.subjects.first { $0.dimension == .configuration }?.value.text
        run.text = RunText(name: try next(), configuration: configuration, message: try next(), parameters: try next())
        run.subjects.append(RunSubject(of: run.text))
        if let endedAt { run.subjects.append(RuntimeClass.subject(of: (endedAt - key.createdAt).milliseconds)) }
        return run
    }

    /// The columns tenant, id, creation.
    mutating func nextRunKey() throws -> RunKey {
        RunKey(tenant: try next(), id: try next(), createdAt: try next())
    }
}

/// A row of `run_marks`.
struct RunMark {
    var subject: Int
    var state: RunState
    var run: RunKey
    var type: Int
    var endedAt: Timestamp?
    /// The id in the form of its index, in a mark under texts only: each run has one of those.
    var indexedID: String?

    init(of run: FiledRun, under subject: RunSubject, numbered number: Int) {
        (self.subject, state, self.run, type, endedAt) = (number, run.state, run.key, run.type, run.endedAt)
        indexedID = subject.dimension == .text ? TrigramText.form(of: run.key.id) : nil
    }
}

extension [RunMark] {
    /// As the columns subject, state, run_created_at and run of `unnest`.
    var keys: [any SQLValue] {
        [Column(map(\.subject)), Column(map(\.state)), Column(map(\.run.createdAt)), Column(map(\.run.id))]
    }
}
