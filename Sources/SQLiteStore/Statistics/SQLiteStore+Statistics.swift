import StoreCore
public import WorkflowModel

extension SQLiteStore {
    public func statistics(matching query: StatisticsQuery) async throws -> RunStatistics {
        try await read(as: .search) { database in
            guard let tenant = try database.number(of: query.tenant),
                let selection = try StatisticSelection(query, tenant: tenant, database: database)
            else { return RunStatistics() }
            return try database.statistics(of: query, selection)
        }
    }

    public func statisticsOfAllTenants(before day: Timestamp) async throws -> Int {
        try await read { try $0.row(StatisticStatement.count, day) { try $0.next(Int.self) } ?? 0 }
    }

    public func deleteStatisticsOfAllTenants(before day: Timestamp) async throws -> Int {
        try await write { try $0.change(StatisticStatement.delete, day, RetentionLimits.statistics) }
    }
}

/// The condition of a query of statistics, as an expression over `run_statistics`, and its values.
struct StatisticSelection {
    private(set) var bindings = SQLBindings()
    private(set) var condition = ""
    /// Whether all matching days are selected.
    private(set) var isWhole = true

    /// nil when no statistic can match.
    init?(_ query: StatisticsQuery, tenant: Int, database: DatabaseConnection) throws {
        let filter = query.filter
        let types = try NumberChoice(filter.types) { name in
            try database.number(ofType: name, in: tenant).map { [$0] } ?? []
        }
        let asksForNone =
            filter.states?.isEmpty == true || filter.attributions?.isEmpty == true
            || filter.configurations.included?.isEmpty == true
        guard !types.isNothing, !asksForNone else { return nil }
        var from = filter.window.from ?? .earliest
        let to = filter.window.to ?? .latest
        let last = try database.row(Self.lastUnread, tenant, from, to, query.mostRead) { try $0.next(Timestamp.self) }
        if let last { (from, isWhole) = (last + .milliseconds(1), false) }
        var parts = [
            "tenant = \(bindings.add(tenant))", "day >= \(bindings.add(from))", "day < \(bindings.add(to))",
        ]
        if let states = filter.states { parts.append("state IN (\(Self.list(states.map { Int($0.code) })))") }
        switch types {
        case .any: break
        case .of(let numbers): parts.append("type IN (\(Self.list(Array(numbers))))")
        case .except(let numbers): parts.append("type NOT IN (\(Self.list(Array(numbers))))")
        }
        if let included = filter.configurations.included { parts.append("configuration IN (\(bind(included)))") }
        let excluded = filter.configurations.excluded
        if !excluded.isEmpty { parts.append("configuration NOT IN (\(bind(excluded)))") }
        if let attributions = filter.attributions {
            parts.append("attribution IN (\(bind(Set(attributions.map { ExactText($0.rawValue) }))))")
        }
        condition = parts.joined(separator: " AND ")
    }

    /// The newest day of which not all statistics can be read.
    static let lastUnread = """
        SELECT day FROM run_statistics WHERE tenant = ? AND day >= ? AND day < ? ORDER BY day DESC LIMIT 1 OFFSET ?
        """

    private static func list(_ numbers: [Int]) -> String { numbers.sorted().map(String.init).joined(separator: ", ") }

    private mutating func bind(_ texts: Set<ExactText>) -> String {
        texts.sortedTexts.map { bindings.add($0) }.joined(separator: ", ")
    }

    static let figures = "sum(runs), sum(runtime_ms), max(longest_ms)"

    /// - Parameter limit: groups that are read at most.
    func groups(by dimensions: [StatisticDimension], limit: Int) -> String {
        let columns = dimensions.map(\.column)
        let order = (dimensions.contains(.day) ? ["day DESC"] : []) + ["sum(runs) DESC"] + columns
        return """
            SELECT \((columns + [Self.figures]).joined(separator: ", ")) FROM run_statistics WHERE \(condition)
            GROUP BY \(columns.joined(separator: ", ")) ORDER BY \(order.joined(separator: ", ")) LIMIT \(limit)
            """
    }

    var total: String { "SELECT \(Self.figures) FROM run_statistics WHERE \(condition) HAVING count(*) > 0" }
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

extension DatabaseConnection {
    fileprivate func statistics(of query: StatisticsQuery, _ selection: StatisticSelection) throws -> RunStatistics {
        let values = selection.bindings.values
        let total = try prepared(once: selection.total).rows(list: values) { try $0.nextFigures() }.first ?? .none
        let dimensions = query.sortedDimensions
        guard total.runs > 0 else { return RunStatistics(total: .none, groups: [], isComplete: selection.isWhole) }
        guard !dimensions.isEmpty else {
            return RunStatistics(
                total: total, groups: [.init(values: [:], figures: total)], isComplete: selection.isWhole)
        }
        var names = RunNames(self)
        let statement = selection.groups(by: dimensions, limit: query.limit + 1)
        let groups = try prepared(once: statement).rows(list: values) { row in
            var group: [StatisticDimension: ExactText] = [:]
            for dimension in dimensions { group[dimension] = try row.nextValue(of: dimension, &names).map { ExactText($0) } }
            return RunStatistics.Group(values: group, figures: try row.nextFigures())
        }
        return RunStatistics(
            total: total, groups: Array(groups.prefix(query.limit)),
            isComplete: selection.isWhole && groups.count <= query.limit)
    }
}

extension ColumnReader {
    fileprivate mutating func nextValue(of dimension: StatisticDimension, _ names: inout RunNames) throws -> String? {
        switch dimension {
        case .day: try next(Timestamp.self).isoDay
        case .state: try next(RunState.self).rawValue
        case .type: try names.type(numbered: next())
        case .configuration, .attribution: try nextKeyText()
        }
    }
}
