import GRDBSQLite
import StoreCore
import WorkflowModel

/// The columns of a run in a list, of `runs AS r`. Error data that is too long for a list is left out.
enum RunColumns {
    static let list = """
        r.id, r.name, r.type, r.state, r.created_at, r.ended_at, r.principal, r.error_attribution, r.error_type, r.error_message,
        iif(\(dataLength) <= \(RunQuery.longestData), r.error_data, NULL), \(dataLength), \(origin), r.attempts,
        r.warnings
        """

    /// The columns of `nextOrigin()`.
    static let origin = """
        \(configuration), r.labels, r.run_mode, r.range_from, r.range_to, r.scheduled_for, r.schedule, r.rerun_of,
        r.parameters, r.triggered_by
        """

    /// The workflow of a run. That of imported history has a column of its own, so that the indexes and statements about a
    /// workflow's own runs find no other ones.
    static let configuration = "coalesce(r.configuration, r.imported_configuration)"

    /// In bytes. SQLite 3.43 and newer has `octet_length`, which takes the length from the row's header. Error data may be
    /// many pages long, and an older SQLite reads them to measure it.
    private static let dataLength =
        sqlite3_libversion_number() >= 3_043_000 ? "octet_length(r.error_data)" : "length(CAST(r.error_data AS BLOB))"
}

extension ColumnReader {
    /// The columns of ``RunColumns/list``.
    mutating func nextRun(of tenant: Tenant, _ names: inout RunNames) throws -> WorkflowRun {
        WorkflowRun(
            id: try next(), tenant: tenant, name: try next(), type: try names.type(numbered: next()), state: try next(),
            createdAt: try next(), endedAt: try next(), principal: try names.principal(numbered: next()),
            error: try nextListedError(), origin: try nextOrigin(), attempts: try next(), warnings: try next())
    }
}
