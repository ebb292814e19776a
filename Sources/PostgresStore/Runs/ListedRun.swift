import StoreCore
import WorkflowModel

enum RunColumns {
    /// The columns of a run in a list. Error data that is too long for a list is left out, and not even read.
    static let list = """
        id, name, type, state, created_at, ended_at, principal, error_attribution, error_type, error_message,
        CASE WHEN octet_length(error_data) <= \(RunQuery.longestData) THEN error_data END, octet_length(error_data), \(origin),
        attempts, warnings
        """

    /// The id of the workflow, also of one that imported history names.
    static let configuration = "coalesce(configuration, imported_configuration)"
    static let origin = """
        \(configuration), labels, run_mode, range_from, range_to, scheduled_for, schedule, rerun_of, parameters, triggered_by
        """
}

/// A run of a list, with numbers instead of names.
struct ListedRun {
    var id: RunID
    var name: String
    var type: Int
    var state: RunState
    var createdAt: Timestamp
    var endedAt: Timestamp?
    var principal: Int
    var error: RunError?
    var origin: RunOrigin
    var attempts: Int
    var warnings: Int
}

extension ColumnReader {
    /// The columns of ``RunColumns/list``.
    mutating func nextListedRun() throws -> ListedRun {
        ListedRun(
            id: try next(), name: try next(), type: try next(), state: try next(), createdAt: try next(), endedAt: try next(),
            principal: try next(), error: try nextListedError(), origin: try nextOrigin(), attempts: try next(),
            warnings: try next())
    }
}

extension PostgresConnection {
    func runs(_ rows: [ListedRun], of tenant: Tenant) throws -> [WorkflowRun] {
        try learn(types: rows.map(\.type), principals: rows.map(\.principal))
        return try rows.map { row in
            WorkflowRun(
                id: row.id, tenant: tenant, name: row.name, type: try typeName(numbered: row.type), state: row.state,
                createdAt: row.createdAt, endedAt: row.endedAt, principal: try principal(numbered: row.principal),
                error: row.error, origin: row.origin, attempts: row.attempts, warnings: row.warnings)
        }
    }
}
