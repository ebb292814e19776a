import HTTPTypes
import NIOCore
public import WorkflowAPI
public import WorkflowModel

extension WorkflowClient {
    /// When the schedules of a configuration fire.
    /// - Parameters:
    ///   - schedule: that one only.
    ///   - window: of the ticks; from now on where it has no beginning.
    ///   - limit: how many ticks of each schedule, 20 where it is nil.
    public func schedules(
        of configuration: String, schedule: String? = nil, in window: TimeWindow = TimeWindow(), limit: Int? = nil
    ) async throws(ClientError) -> [ScheduleForecast] {
        var query: [(name: String, value: String)] = []
        if let schedule { query.append(("schedule", schedule)) }
        if let from = window.from { query.append(("from", from.iso8601)) }
        if let to = window.to { query.append(("to", to.iso8601)) }
        if let limit { query.append(("next", String(limit))) }
        let answer = try await send(.get, Paths.schedule(of: configuration), query: query)
        return try read(answer, ScheduleForecast.list(json:))
    }

    /// Starts the run of a tick of the past, unless it has one.
    public func backfill(_ request: BackfillRequest, of configuration: String) async throws(ClientError) -> BackfillAnswer {
        let answer = try await send(
            .post, Paths.backfill(of: configuration), headers: [.contentType: "application/json"],
            body: Array(request.document.readableBytesView))
        return try read(answer, BackfillAnswer.init(json:))
    }
}
