import HTTPTypes
public import WorkflowAPI
public import WorkflowModel

extension WorkflowClient {
    /// A page of the firings of a configuration's triggers, newest first.
    /// - Parameter nextToken: that of the page before; nil for the first one.
    public func firings(
        of configuration: String, window: TimeWindow = TimeWindow(), limit: Int? = nil, nextToken: String? = nil
    ) async throws(ClientError) -> FiringListAnswer {
        let query = FiringQueryParameters.pairs(window: window, limit: limit, nextToken: nextToken)
        return try read(try await send(TriggerEndpoints.firings, configuration, query: query), FiringListAnswer.init(json:))
    }
}
