import HTTPTypes
public import WorkflowAPI
public import WorkflowModel

extension WorkflowClient {
    /// A page of the ticks of a configuration's schedules, newest first.
    /// - Parameters:
    ///   - schedule: nil for all schedules.
    ///   - nextToken: that of the page before; nil for the first one.
    public func ticks(
        of configuration: String, schedule: String? = nil, window: TimeWindow = TimeWindow(), limit: Int? = nil,
        nextToken: String? = nil
    ) async throws(ClientError) -> TickListAnswer {
        let query = TickQueryParameters.pairs(schedule: schedule, window: window, limit: limit, nextToken: nextToken)
        return try read(try await send(ScheduleEndpoints.ticks, configuration, query: query), TickListAnswer.init(json:))
    }
}
