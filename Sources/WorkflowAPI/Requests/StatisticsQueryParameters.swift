public import WorkflowModel

/// The query parameters of ``RunEndpoints/statistics``. The server reads them here and the client writes them here.
public enum StatisticsQueryParameters {
    public static let by = QueryParameter<[StatisticDimension]>.words(
        "by", "The members to group the runs by, separated by commas.", default: [.day])
    public static let from = QueryParameter.timestamp("from", "Only runs of days that begin at this time or later, in UTC.")
    public static let to = QueryParameter.timestamp("to", "Only runs of days that begin before this time, in UTC.")
    public static let limit = QueryParameter.integer(
        "limit", "Groups of the answer.", in: StatisticsQuery.limits, default: StatisticsQuery.defaultLimit)

    /// The fields of the filter of runs that statistics can answer.
    public static let fields: [RunFilterField] = [
        .state, .type, .configuration, .attribution, .notType, .notConfiguration,
    ]

    static let parameters: [any RequestParameter] = [from, to, by, limit] + fields

    /// - Parameter parameters: of a request to ``RunEndpoints/statistics``.
    /// - Throws: ``APIError`` (400) naming the parameter and what is accepted.
    public static func read(_ parameters: Parameters, tenant: Tenant) throws(APIError) -> StatisticsQuery {
        let filter = try parameters.filter()
        return StatisticsQuery(
            tenant: tenant,
            filter: StatisticsFilter(
                window: try parameters.window(from: from, to: to) ?? TimeWindow(), states: filter.states, types: filter.types,
                configurations: filter.configurations, attributions: filter.attributions),
            dimensions: Set(try parameters[by] ?? [.day]), limit: try parameters[limit] ?? StatisticsQuery.defaultLimit)
    }

    /// The parameters of a request; what is nil is left out.
    public static func pairs(
        for filter: StatisticsFilter, by dimensions: [StatisticDimension]?, limit: Int?
    ) -> [(name: String, value: String)] {
        var same = RunFilter(states: filter.states, types: filter.types)
        same.configurations = filter.configurations
        same.attributions = filter.attributions
        let pairs = [from.pair(filter.window.from), to.pair(filter.window.to), by.pair(dimensions), Self.limit.pair(limit)]
        return pairs.compactMap { $0 } + same.texts.map { ($0.field.name, $0.text) }
    }
}
