public import WorkflowModel

/// The query parameters of ``AuditEndpoints/list``. The server reads them here and the client writes them here.
public enum AuditQueryParameters {
    static let from = QueryParameter.timestamp("happened_from", "Only events that happened at this time or later.")
    static let to = QueryParameter.timestamp("happened_to", "Only events that happened before this time.")
    static let limit = QueryParameter.integer(
        "limit", "Events in a page.", in: AuditQuery.limits, default: AuditQuery.limits.upperBound)
    static let withTotal = QueryParameter.boolean("with_total", "Adds total to the answer.")

    static let parameters: [any RequestParameter] = [from, to, limit, PageParameters.nextToken, withTotal]

    /// - Parameter parameters: of a request to ``AuditEndpoints/list``.
    /// - Throws: ``APIError`` (400) naming the parameter and what is accepted.
    public static func read(_ parameters: Parameters, tenant: Tenant, sealer: PageTokenSealer) throws(APIError) -> AuditQuery {
        var query = AuditQuery(
            of: tenant, window: try parameters.window(from: from, to: to) ?? TimeWindow(),
            limit: try parameters[limit] ?? AuditQuery.limits.upperBound, withTotal: try parameters[withTotal] ?? false)
        query.place = try parameters.place { [query] in sealer.open($0, of: query) }
        return query
    }

    /// The parameters of a request; what is nil is left out.
    public static func pairs(
        window: TimeWindow, limit: Int?, nextToken: String?, withTotal: Bool
    ) -> [(name: String, value: String)?] {
        [
            from.pair(window.from), to.pair(window.to), self.limit.pair(limit), PageParameters.nextToken.pair(nextToken),
            self.withTotal.pair(withTotal ? true : nil),
        ]
    }
}
