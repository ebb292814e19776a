import WorkflowAPI
import WorkflowClient
import WorkflowModel

/// Finds the schedules of a configuration for verbs with the option `--schedule`.
enum ScheduleLookup {
    /// The coming ticks of a configuration's schedules.
    /// - Throws: ``CommandFailure`` (66) when the schedule is not found. The service answers 400, as to any wrong parameter.
    static func forecasts(
        of configuration: String, schedule: String?, in window: TimeWindow, limit: Int, _ client: WorkflowClient
    ) async throws -> [ScheduleForecast] {
        do {
            return try await client.schedules(of: configuration, schedule: schedule, in: window, limit: limit)
        } catch {
            if let schedule, error.code == .refused(.invalid) { try await require(schedule, of: configuration, client) }
            throw error
        }
    }

    /// - Throws: ``CommandFailure`` (66) when the schedule is not found.
    static func require(_ schedule: String, of configuration: String, _ client: WorkflowClient) async throws {
        let ids = try await client.schedules(of: configuration, limit: 1).map(\.id)
        guard !ids.contains(schedule) else { return }
        let known = ids.isEmpty ? "It has none" : "It has \(ids.joined(separator: ", "))"
        throw CommandFailure(
            .noInput, "The configuration \(configuration) has no schedule \(HumanText.printable(schedule)). \(known).")
    }
}
