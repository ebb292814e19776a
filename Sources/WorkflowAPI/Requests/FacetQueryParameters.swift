public import WorkflowModel

/// The query parameters of ``RunEndpoints/facets``: the fields of the filter, the search, and what to count by.
public enum FacetQueryParameters {
    public static let by = QueryParameter<[RunFacet]>.words(
        "by", "The members to count by, separated by commas; all of these where it is missing.")
    public static let limit = QueryParameter.integer(
        "limit", "Values of each of them, those with most runs.", in: FacetQuery.limits, default: FacetQuery.defaultLimit)

    static let parameters: [any RequestParameter] = [by, limit] + RunFilterField.all + RunSearchParameters.parameters

    /// - Parameters:
    ///   - parameters: of a request to ``RunEndpoints/facets``.
    ///   - view: the saved view that it names; nil without one.
    ///   - now: the instant to which relative times refer.
    /// - Throws: ``APIError`` (400) naming the parameter and what is accepted.
    public static func read(
        _ parameters: Parameters, after view: SavedView? = nil, tenant: Tenant, at now: Timestamp
    ) throws(APIError) -> FacetQuery {
        FacetQuery(
            tenant: tenant, filter: try parameters.criteria(after: view, at: now).filter,
            facets: Set(try parameters[by] ?? RunFacet.allCases),
            limit: try parameters[limit] ?? FacetQuery.defaultLimit)
    }

    /// The parameters of a request; what is nil is left out.
    public static func pairs(
        for filter: RunFilter, by facets: [RunFacet]?, limit: Int?
    ) -> [(name: String, value: String)] {
        [by.pair(facets), Self.limit.pair(limit)].compactMap { $0 } + filter.texts.map { ($0.field.name, $0.text) }
    }
}
