public import WorkflowModel

/// The query parameters of ``RunEndpoints/export``: the fields of the filter, and the order.
public enum RunExportParameters {
    static let parameters: [any RequestParameter] =
        RunFilterField.all + [RunQueryParameters.sort, RunQueryParameters.order]

    /// - Parameter parameters: of a request to ``RunEndpoints/export``.
    /// - Returns: the first page of the runs to export.
    /// - Throws: ``APIError`` (400) naming the parameter and what is accepted.
    public static func read(_ parameters: Parameters, tenant: Tenant) throws(APIError) -> RunQuery {
        let filter = try parameters.filter()
        return RunQuery(tenant: tenant, filter: filter, sort: try parameters.sort(of: filter), limit: Limits.exportPage)
    }
}
