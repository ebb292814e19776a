public import WorkflowModel

/// The query parameters of ``RunEndpoints/facets``: the fields of the filter, the search, and what to count by.
public enum FacetQueryParameters {
    public static let by = QueryParameter<[RunFacet]>(
        "by", "The members to count by, separated by commas; all of these where it is missing.",
        schema: .object(["type": .string("string"), "minLength": .integer(1), "pattern": .string(pattern)]),
        read: { text throws(APIError) in
            var facets: [RunFacet] = []
            for word in text.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
                guard let facet = RunFacet(rawValue: word) else {
                    let hint = suggestion(for: word, among: words).map { " Did you mean \($0)?" } ?? ""
                    throw .invalid(
                        "by is \(text.quoted), in which \(word.quoted) is unknown.\(hint) Accepted: \(words.joined(separator: ", ")), "
                            + "separated by commas.")
                }
                facets.append(facet)
            }
            return facets
        },
        write: { $0.map(\.rawValue).joined(separator: ",") })
    public static let limit = QueryParameter.integer(
        "limit", "Values of each of them, those with most runs.", in: FacetQuery.limits, default: FacetQuery.defaultLimit)

    static let parameters: [any RequestParameter] = [by, limit] + RunFilterField.all + RunSearchParameters.parameters

    private static let words = RunFacet.allCases.map(\.rawValue)

    private static var pattern: String {
        let word = "(\(words.joined(separator: "|")))"
        return "^\(word)(,\(word))*$"
    }

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
