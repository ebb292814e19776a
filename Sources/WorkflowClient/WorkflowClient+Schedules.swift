import HTTPTypes
import NIOCore
public import WorkflowAPI
public import WorkflowModel

extension WorkflowClient {
    /// When the schedules of a configuration fire.
    /// - Parameters:
    ///   - schedule: nil for all schedules.
    ///   - window: of the ticks. Without a beginning, it begins now.
    ///   - limit: ticks of each schedule; nil for 20.
    public func schedules(
        of configuration: String, schedule: String? = nil, in window: TimeWindow = TimeWindow(), limit: Int? = nil
    ) async throws(ClientError) -> [ScheduleForecast] {
        let answer = try await send(
            ScheduleEndpoints.preview, configuration,
            query: [
                ScheduleEndpoints.schedule.pair(schedule), ScheduleEndpoints.from.pair(window.from),
                ScheduleEndpoints.to.pair(window.to), ScheduleEndpoints.next.pair(limit),
            ])
        return try read(answer, ScheduleForecast.list(json:))
    }

    /// Starts the run of a past tick, unless it has one.
    public func backfill(_ request: BackfillRequest, of configuration: String) async throws(ClientError) -> BackfillAnswer {
        try read(try await send(ScheduleEndpoints.backfill, configuration, json: request.document), BackfillAnswer.init(json:))
    }
}
