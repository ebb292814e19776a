public import WorkflowModel

/// The query parameters of ``TriggerEndpoints/firings``. The server reads them here and the client writes them here.
public enum FiringQueryParameters {
    static let from = QueryParameter.timestamp("from", "Only events at this time or later.")
    static let to = QueryParameter.timestamp("to", "Only events before this time.")

    static let parameters: [any RequestParameter] = [from, to, PageParameters.limit, PageParameters.nextToken]

    /// - Parameter parameters: of a request to ``TriggerEndpoints/firings``.
    /// - Throws: ``APIError`` (400) naming the parameter and what is accepted.
    public static func read(
        _ parameters: Parameters, configuration: String, tenant: Tenant, sealer: PageTokenSealer
    ) throws(APIError) -> FiringQuery {
        var firings = FiringQuery(
            tenant: tenant, configuration: configuration, window: try parameters.window(from: from, to: to) ?? TimeWindow(),
            limit: try parameters[PageParameters.limit] ?? RunQuery.defaultLimit)
        firings.after = try parameters.place { [firings] in sealer.open($0, of: firings) }
        return firings
    }

    /// The parameters of a request; what is nil is left out.
    public static func pairs(window: TimeWindow, limit: Int?, nextToken: String?) -> [(name: String, value: String)?] {
        [
            from.pair(window.from), to.pair(window.to), PageParameters.limit.pair(limit), PageParameters.nextToken.pair(nextToken),
        ]
    }
}
