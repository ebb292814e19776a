public import WorkflowModel

/// The parameters of `GET /api/workflow/runs`: the only place where they are read and checked, and where the client writes them.
public enum RunQueryParameters {
    public static let names = [
        "created_from", "created_to", "ended_from", "ended_to", "state", "type", "limit", "next_token", "with_total",
    ]

    /// - Parameters:
    ///   - query: as it came.
    ///   - tenant: whose runs are asked for.
    ///   - sealer: made the page tokens.
    /// - Throws: ``APIError`` (400) naming the parameter and what is accepted.
    public static func read(_ query: QueryString, tenant: Tenant, sealer: PageTokenSealer) throws(APIError) -> RunQuery {
        let parameters = try Parameters(query, accepting: names)
        var filter = RunFilter(
            created: try parameters.window(from: "created_from", to: "created_to"),
            ended: try parameters.window(from: "ended_from", to: "ended_to"), type: parameters["type"])
        if let name = parameters["state"] {
            filter.state = WorkflowState(name: name)
            guard filter.state != nil else {
                throw .invalid("state is \(name.quoted), which names no state; accepted are \(WorkflowState.allNames).")
            }
        }
        let limit = try parameters.integer("limit", in: RunQuery.limits) ?? RunQuery.defaultLimit
        let withTotal = try parameters.boolean("with_total") ?? false
        let after = try parameters["next_token"].map { token throws(APIError) in
            try cursor(of: token, filter: filter, tenant: tenant, sealer: sealer)
        }
        return RunQuery(tenant: tenant, filter: filter, limit: limit, after: after, withTotal: withTotal)
    }

    /// The parameters that ask for this, by their names; what is nil is left out.
    /// - Parameter nextToken: of the page before; nil for the first one.
    public static func pairs(
        for filter: RunFilter, limit: Int? = nil, nextToken: String? = nil, withTotal: Bool = false
    ) -> [(name: String, value: String)] {
        let pairs: [(String, String?)] = [
            ("created_from", filter.created?.from?.iso8601), ("created_to", filter.created?.to?.iso8601),
            ("ended_from", filter.ended?.from?.iso8601), ("ended_to", filter.ended?.to?.iso8601),
            ("state", filter.state?.rawValue), ("type", filter.type), ("limit", limit.map(String.init)),
            ("next_token", nextToken), ("with_total", withTotal ? "true" : nil),
        ]
        return pairs.compactMap { name, value in value.map { (name, $0) } }
    }

    private static func cursor(
        of token: String, filter: RunFilter, tenant: Tenant, sealer: PageTokenSealer
    ) throws(APIError) -> RunCursor {
        guard token != "null" else {
            throw .invalid("next_token is null; leave it out for the first page, and stop after the page that has none.")
        }
        guard let cursor = sealer.open(token, filter: filter, tenant: tenant) else {
            throw .invalid(
                "next_token was not made for this tenant and these filters, or was altered; "
                    + "send it as it came, with the filters of the page that it came with, or leave it out for the first page.")
        }
        return cursor
    }
}
