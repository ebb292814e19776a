public import WorkflowModel

/// The query parameters of ``RunEndpoints/export``: the fields of the filter, the search, and the order.
public enum RunExportParameters {
    static let parameters: [any RequestParameter] =
        RunFilterField.all + RunSearchParameters.parameters + [RunQueryParameters.sort, RunQueryParameters.order]

    /// - Parameters:
    ///   - parameters: of a request to ``RunEndpoints/export``.
    ///   - view: the saved view that it names; nil without one.
    ///   - now: the instant to which relative times refer.
    /// - Returns: the first page of the runs to export.
    /// - Throws: ``APIError`` (400) naming the parameter and what is accepted.
    public static func read(
        _ parameters: Parameters, after view: SavedView? = nil, tenant: Tenant, at now: Timestamp
    ) throws(APIError) -> RunQuery {
        let criteria = try parameters.criteria(after: view, at: now)
        return RunQuery(tenant: tenant, filter: criteria.filter, sort: criteria.sort, limit: Limits.exportPage)
    }
}
