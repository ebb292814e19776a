import StoreCore
public import WorkflowModel

extension PostgresStore {
    public func statistics(matching query: StatisticsQuery) async throws -> RunStatistics {
        try await readAnywhere(consistently: true) { database in
            guard let tenant = try database.number(of: query.tenant) else { return RunStatistics() }
            return try database.statistics(of: query, tenant: tenant)
        }
    }

    public func statisticsOfAllTenants(before day: Timestamp) async throws -> Int {
        try await read { try $0.row(StatisticStatement.count, day) { try $0.next(Int.self) } ?? 0 }
    }

    public func deleteStatisticsOfAllTenants(before day: Timestamp) async throws -> Int {
        try await write { (database, attempt: inout WriteAttempt<Int>) in
            let deleted = try database.change(StatisticStatement.delete, day, RetentionLimits.statistics)
            // An earlier try, whose answer was lost, has deleted the last ones.
            return deleted == 0 ? attempt.former ?? 0 : deleted
        }
    }
}

extension PostgresConnection {
    fileprivate func statistics(of query: StatisticsQuery, tenant: Int) throws -> RunStatistics {
        let filter = query.filter
        let types = try NumberChoice(filter.types) { name in try number(ofType: name, in: tenant).map { [$0] } ?? [] }
        var from = filter.window.from ?? .earliest
        let to = filter.window.to ?? .latest
        let last = try row(StatisticStatement.lastUnread, tenant, from, to, query.mostRead) { try $0.next(Timestamp.self) }
        if let last { from = last + .milliseconds(1) }
        let values: [any SQLValue] = [tenant, from, to] + filter.values(types)
        let total = try row(StatisticStatement.total, values: values) { try $0.nextFigures() } ?? .none
        let dimensions = query.sortedDimensions
        guard total.runs > 0 else { return RunStatistics(total: .none, groups: [], isComplete: last == nil) }
        guard !dimensions.isEmpty else {
            return RunStatistics(total: total, groups: [.init(values: [:], figures: total)], isComplete: last == nil)
        }
        let rows = try rows(StatisticStatement.groups(by: dimensions), values: values + [query.limit + 1]) {
            (values: try $0.nextValues(of: dimensions), figures: try $0.nextFigures())
        }
        try learn(types: rows.compactMap(\.values.type), principals: [])
        let groups = try rows.prefix(query.limit).map { row in
            var values = row.values.texts
            if let type = row.values.type { values[.type] = ExactText(try typeName(numbered: type)) }
            return RunStatistics.Group(values: values, figures: row.figures)
        }
        return RunStatistics(total: total, groups: groups, isComplete: last == nil && rows.count <= query.limit)
    }

    private func row<Value>(
        _ sql: String, values: [any SQLValue], decode: (inout ColumnReader) throws -> Value
    ) throws -> Value? {
        try rows(sql, values: values, decode: decode).first
    }

    func statistics(
        after key: StatisticPlace, limit: Int
    ) throws -> [TransferredRow<StatisticPlace, TransferredStatistic>] {
        try rows(
            StatisticStatement.transfer, key.tenant, key.day, key.type, key.state, key.configuration, key.attribution, limit
        ) { columns in
            let number = try columns.next(Int.self)
            return try columns.nextTransferredStatistic(of: try tenant(numbered: number), numbered: number)
        }
    }

    func add(_ statistics: [TransferredStatistic]) throws {
        guard !statistics.isEmpty else { return }
        let tenants = try statistics.map { try findOrCreate($0.tenant) }
        let types = try zip(statistics, tenants).map { try findOrCreate(type: $0.statistic.type, in: $1) }
        let records = statistics.map(\.statistic)
        let figures = records.map(\.figures)
        _ = try execute(
            StatisticStatement.insert,
            [
                Column(tenants), Column(records.map(\.day)), Column(types), Column(records.map(\.state)),
                Column(records.map { $0.configuration ?? "" }), Column(records.map { $0.attribution?.rawValue ?? "" }),
                Column(figures.map(\.runs)), Column(figures.map(\.totalRuntime)), Column(figures.map(\.longestRuntime)),
            ])
    }
}

extension StatisticsFilter {
    /// The values of ``StatisticStatement/condition`` behind the window.
    fileprivate func values(_ types: NumberChoice) -> [any SQLValue] {
        var (included, excluded): ([Int]?, [Int]?)
        switch types {
        case .any: break
        case .of(let numbers): included = numbers.sorted()
        case .except(let numbers): excluded = numbers.sorted()
        }
        return [
            Column(states.map { $0.map(\.code).sorted() }), Column(included), Column(excluded),
            Column(configurations.included?.sortedTexts),
            Column(configurations.excluded.isEmpty ? nil : configurations.excluded.sortedTexts),
            Column(attributions.map { $0.map(\.rawValue).sorted() }),
        ]
    }
}

/// The values of a group, with the number of its type.
private struct GroupValues {
    var texts: [StatisticDimension: ExactText] = [:]
    var type: Int?
}

extension ColumnReader {
    fileprivate mutating func nextValues(of dimensions: [StatisticDimension]) throws -> GroupValues {
        var values = GroupValues()
        for dimension in dimensions {
            switch dimension {
            case .day: values.texts[.day] = ExactText(try next(Timestamp.self).isoDay)
            case .state: values.texts[.state] = ExactText(try next(RunState.self).rawValue)
            case .type: values.type = try next()
            case .configuration, .attribution: values.texts[dimension] = try nextKeyText().map { ExactText($0) }
            }
        }
        return values
    }
}
