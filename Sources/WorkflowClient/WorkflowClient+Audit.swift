public import WorkflowAPI
public import WorkflowModel

extension WorkflowClient {
    /// A page of the tenant's audit log, newest events first.
    /// - Parameter nextToken: that of the page before; nil for the first one.
    public func auditEvents(
        window: TimeWindow = TimeWindow(), limit: Int? = nil, nextToken: String? = nil, withTotal: Bool = false
    ) async throws(ClientError) -> AuditListAnswer {
        let query = AuditQueryParameters.pairs(window: window, limit: limit, nextToken: nextToken, withTotal: withTotal)
        return try read(try await send(AuditEndpoints.list, query: query), AuditListAnswer.init(json:))
    }
}
