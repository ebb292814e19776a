import StoreCore
import WorkflowModel

/// The runs that one step of retention deletes, added up by the key of their statistic.
struct DeletedRuns {
    struct Key: Hashable {
        var tenant: Int
        var day: Timestamp
        var type: Int
        var state: RunState
        /// Empty for none.
        @Exact var configuration: String
        @Exact var attribution: String
    }

    private var figures: [Key: RunFigures] = [:]

    mutating func add(_ runtime: Duration, _ key: Key) {
        figures[key, default: .none].add(RunFigures(ofRunThatTook: runtime))
    }

    /// Adds them to the table.
    func save(to database: DatabaseConnection) throws {
        for (key, figures) in figures { try database.addStatistic(key, figures) }
    }
}

extension DatabaseConnection {
    func addStatistic(_ key: DeletedRuns.Key, _ figures: RunFigures) throws {
        try change(
            StatisticStatement.add, key.tenant, key.day, key.type, key.state, key.configuration, key.attribution, figures.runs,
            figures.totalRuntime, figures.longestRuntime)
    }
}

enum StatisticStatement {
    static let add = """
        INSERT INTO run_statistics (tenant, day, type, state, configuration, attribution, runs, runtime_ms, longest_ms)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (tenant, day, type, state, configuration, attribution) DO UPDATE SET
            runs = runs + excluded.runs, runtime_ms = runtime_ms + excluded.runtime_ms,
            longest_ms = max(longest_ms, excluded.longest_ms)
        """
    static let count = """
        SELECT count(*) FROM tenants AS t CROSS JOIN run_statistics AS s ON s.tenant = t.number AND s.day < ?
        """
    static let delete = """
        DELETE FROM run_statistics WHERE (tenant, day, type, state, configuration, attribution) IN (
            SELECT s.tenant, s.day, s.type, s.state, s.configuration, s.attribution
            FROM tenants AS t CROSS JOIN run_statistics AS s ON s.tenant = t.number AND s.day < ? LIMIT ?)
        """
    static let transfer = """
        SELECT s.tenant, t.name, s.day, s.type, s.state, s.attribution, s.configuration, y.name, s.runs,
            s.runtime_ms, s.longest_ms
        FROM run_statistics AS s CROSS JOIN tenants AS t ON t.number = s.tenant CROSS JOIN run_types AS y ON y.number = s.type
        WHERE (s.tenant, s.day, s.type, s.state, s.configuration, s.attribution) > (?, ?, ?, ?, ?, ?)
        ORDER BY s.tenant, s.day, s.type, s.state, s.configuration, s.attribution LIMIT ?
        """
}

extension DatabaseConnection {
    func statistics(
        after key: StatisticPlace, limit: Int
    ) throws -> [TransferredRow<StatisticPlace, TransferredStatistic>] {
        try rows(
            StatisticStatement.transfer, key.tenant, key.day, key.type, key.state, key.configuration, key.attribution, limit
        ) { columns in
            let number = try columns.next(Int.self)
            let tenant = try columns.nextTenant()
            return try columns.nextTransferredStatistic(of: tenant, numbered: number)
        }
    }
}
