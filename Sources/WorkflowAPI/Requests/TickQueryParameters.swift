public import WorkflowModel

/// The parameters of `GET /api/workflow/configs/{id}/ticks`: read and checked here, and written here by the client.
public enum TickQueryParameters {
    public static let names = ["schedule", "from", "to", "limit", "next_token"]
    /// What a page may hold.
    public static let limits = RunQuery.limits
    public static let defaultLimit = RunQuery.defaultLimit

    /// - Throws: ``APIError`` (400) naming the parameter and what is accepted.
    public static func read(
        _ query: QueryString, configuration: String, tenant: Tenant, sealer: PageTokenSealer
    ) throws(APIError) -> TickQuery {
        let parameters = try Parameters(query, accepting: names)
        var ticks = TickQuery(
            tenant: tenant, configuration: configuration, schedule: parameters["schedule"],
            window: try parameters.window(from: "from", to: "to") ?? TimeWindow(),
            limit: try parameters.integer("limit", in: limits) ?? defaultLimit)
        if let token = parameters["next_token"] {
            ticks.after = sealer.open(token, of: ticks)
            guard ticks.after != nil else {
                throw .invalid(
                    "next_token was not made for this configuration and these filters, or was altered; "
                        + "send it as it came, with the filters of the page that it came with, or leave it out for the first page.")
            }
        }
        return ticks
    }

    /// The parameters that ask for this, by their names; what is nil is left out.
    public static func pairs(
        schedule: String?, window: TimeWindow, limit: Int?, nextToken: String?
    ) -> [(name: String, value: String)] {
        let pairs: [(String, String?)] = [
            ("schedule", schedule), ("from", window.from?.iso8601), ("to", window.to?.iso8601), ("limit", limit.map(String.init)),
            ("next_token", nextToken),
        ]
        return pairs.compactMap { name, value in value.map { (name, $0) } }
    }
}

extension PageTokenSealer {
    public func seal(_ place: TickPlace, of query: TickQuery) -> String {
        let cursor = RunCursor(order: .created, time: place.instant, id: RunID(rawValue: place.schedule))
        return seal(cursor, filter: Self.filter(of: query), tenant: query.tenant)
    }

    /// - Returns: nil for a token that was altered, or made for another query.
    public func open(_ token: String, of query: TickQuery) -> TickPlace? {
        open(token, filter: Self.filter(of: query), tenant: query.tenant)
            .map { TickPlace(schedule: $0.id.rawValue, instant: $0.time) }
    }

    /// What no list of runs asks for, so that no token of one opens the other: no type has control characters in it by chance.
    private static func filter(of query: TickQuery) -> RunFilter {
        let schedule = query.schedule.map { "\u{1}\($0)" } ?? ""
        return RunFilter(created: query.window, type: "\u{1}ticks\u{1}\(query.configuration)\(schedule)")
    }
}
