import WorkflowModel

enum StatisticStatement {
    /// Adds runs to the statistics. Rows are changed in the order of their keys, so that two sessions never deadlock.
    /// - Parameter runs: a table or query with these columns of runs, all of which have ended.
    static func adding(from runs: String) -> String {
        """
        INSERT INTO run_statistics AS s (tenant, day, type, state, configuration, attribution, runs, runtime_ms, longest_ms)
        SELECT tenant, created_at - (created_at % \(day) + \(day)) % \(day), type, state,
            coalesce(configuration, imported_configuration, ''), coalesce(error_attribution, ''), count(*),
            sum(\(runtime))::bigint, max(\(runtime))
        FROM \(runs) GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6
        \(onConflict)
        """
    }

    static let onConflict = """
        ON CONFLICT (tenant, day, type, state, configuration, attribution) DO UPDATE SET runs = s.runs + excluded.runs,
            runtime_ms = s.runtime_ms + excluded.runtime_ms, longest_ms = greatest(s.longest_ms, excluded.longest_ms)
        """

    private static let day = CountStep.day.width.milliseconds
    private static let runtime = "greatest(0, least(ended_at - created_at, \(RunFigures.longestRuntime.milliseconds)))"

    static let figures = "sum(runs)::bigint, sum(runtime_ms)::bigint, max(longest_ms)"

    /// The newest day of which not all statistics can be read.
    static let lastUnread = """
        SELECT day FROM run_statistics WHERE tenant = $1 AND day >= $2 AND day < $3 ORDER BY day DESC LIMIT 1 OFFSET $4
        """

    /// All queries have the same condition: one that a filter does not have is NULL.
    static let condition = """
        tenant = $1 AND day >= $2 AND day < $3 AND ($4 IS NULL OR state = ANY ($4)) AND ($5 IS NULL OR type = ANY ($5))
            AND coalesce(type <> ALL ($6), TRUE) AND ($7 IS NULL OR configuration = ANY ($7))
            AND coalesce(configuration <> ALL ($8), TRUE) AND ($9 IS NULL OR attribution = ANY ($9))
        """

    static let total = "SELECT \(figures) FROM run_statistics WHERE \(condition) HAVING count(*) > 0"

    static func groups(by dimensions: [StatisticDimension]) -> String {
        let columns = dimensions.map(\.column).joined(separator: ", ")
        let order = (dimensions.contains(.day) ? "day DESC, " : "") + "sum(runs) DESC, " + columns
        return """
            SELECT \(columns), \(figures) FROM run_statistics WHERE \(condition)
            GROUP BY \(columns) ORDER BY \(order) LIMIT $10
            """
    }

    static let count = "SELECT count(*) FROM tenants AS t JOIN run_statistics AS s ON s.tenant = t.number AND s.day < $1"
    static let delete = """
        DELETE FROM run_statistics WHERE (tenant, day, type, state, configuration, attribution) IN (
            SELECT s.tenant, s.day, s.type, s.state, s.configuration, s.attribution
            FROM tenants AS t JOIN run_statistics AS s ON s.tenant = t.number AND s.day < $1 LIMIT $2)
        """
    static let transfer = """
        SELECT s.tenant, s.day, s.type, s.state, s.attribution, s.configuration, y.name, s.runs, s.runtime_ms, s.longest_ms
        FROM run_statistics AS s JOIN run_types AS y ON y.number = s.type
        WHERE (s.tenant, s.day, s.type, s.state, s.configuration, s.attribution) > ($1, $2, $3, $4, $5, $6)
        ORDER BY s.tenant, s.day, s.type, s.state, s.configuration, s.attribution LIMIT $7
        """
    static let insert = """
        INSERT INTO run_statistics (tenant, day, type, state, configuration, attribution, runs, runtime_ms, longest_ms)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """
}

extension StatisticDimension {
    fileprivate var column: String {
        switch self {
        case .day: "day"
        case .state: "state"
        case .type: "type"
        case .configuration: "configuration"
        case .attribution: "attribution"
        }
    }
}
