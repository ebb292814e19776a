public import WorkflowModel

/// The query parameters of ``ScheduleEndpoints/ticks``. The server reads them here and the client writes them here.
public enum TickQueryParameters {
    static let from = QueryParameter.timestamp("from", "Only ticks that are scheduled for this time or later.")
    static let to = QueryParameter.timestamp("to", "Only ticks that are scheduled for a time before this one.")

    static let parameters: [any RequestParameter] = [
        ScheduleEndpoints.schedule, from, to, PageParameters.limit, PageParameters.nextToken,
    ]

    /// - Parameter parameters: of a request to ``ScheduleEndpoints/ticks``.
    /// - Throws: ``APIError`` (400) naming the parameter and what is accepted.
    public static func read(
        _ parameters: Parameters, configuration: String, tenant: Tenant, sealer: PageTokenSealer
    ) throws(APIError) -> TickQuery {
        var ticks = TickQuery(
            tenant: tenant, configuration: configuration, schedule: try parameters[ScheduleEndpoints.schedule],
            window: try parameters.window(from: from, to: to) ?? TimeWindow(),
            limit: try parameters[PageParameters.limit] ?? RunQuery.defaultLimit)
        ticks.after = try parameters.place { [ticks] in sealer.open($0, of: ticks) }
        return ticks
    }

    /// The parameters of a request; what is nil is left out.
    public static func pairs(
        schedule: String?, window: TimeWindow, limit: Int?, nextToken: String?
    ) -> [(name: String, value: String)?] {
        [
            ScheduleEndpoints.schedule.pair(schedule), from.pair(window.from), to.pair(window.to), PageParameters.limit.pair(limit),
            PageParameters.nextToken.pair(nextToken),
        ]
    }
}
