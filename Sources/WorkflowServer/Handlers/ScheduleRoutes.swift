import HTTPTypes
import Hummingbird
import WorkflowAPI
import WorkflowModel
import WorkflowOperations

/// Previews of schedules, and backfills of past ticks.
struct ScheduleRoutes: Sendable {
    let service: APIService

    var routes: [Route] {
        [
            Route(ScheduleEndpoints.preview) { call in try await preview(call) },
            Route(ScheduleEndpoints.backfill) { call in try await backfill(call) },
        ]
    }

    private func preview(_ call: APICall) async throws -> Response {
        let count = try call.parameters[ScheduleEndpoints.next] ?? ScheduleForecast.defaultLimit
        let window = try call.parameters.window(from: ScheduleEndpoints.from, to: ScheduleEndpoints.to)
        let version = try await version(call)
        var schedules = try service.configurations.parsed(version).schedules
        if let id = try call.parameters[ScheduleEndpoints.schedule] { schedules = [try Self.schedule(id, of: schedules)] }
        let now = service.time.now
        let from = window?.from ?? now
        let pause = try await service.stores.pauses.pause(of: version.configuration, tenant: version.tenant, at: now)
        let forecasts = try schedules.map { schedule in
            let ticks = schedule.preview(
                after: from + .milliseconds(-1), before: window?.to ?? .latest, count: count, in: try zone(of: schedule),
                during: pause)
            return ScheduleForecast(of: schedule, pause: pause, ticks: ticks)
        }
        return .json(ScheduleForecast.listDocument(forecasts))
    }

    /// Starts the run of one tick. The store keeps a tick from having two runs, so a client may repeat the request.
    private func backfill(_ call: APICall) async throws -> Response {
        let grant = try call.granted()
        let request = try BackfillRequest(body: try await call.jsonBody(of: ScheduleEndpoints.backfill))
        let version = try await version(call)
        let configuration = try service.configurations.parsed(version)
        let schedule = try Self.schedule(request.schedule, of: configuration.schedules)
        let zone = try zone(of: schedule)
        let now = service.time.now
        let instant = request.scheduledFor
        guard instant <= now else {
            throw APIError.invalid("scheduled_for (\(instant.iso8601)) is in the future. A backfill starts runs of past ticks.")
        }
        guard schedule.tick(after: instant + .milliseconds(-1), through: instant, in: zone) == instant else {
            let next = schedule.tick(after: instant, in: zone).map { "; its next one is \($0.iso8601)" } ?? ""
            throw APIError.invalid("The schedule \"\(schedule.id)\" has no tick at \(instant.iso8601)\(next).")
        }
        let past = PastTick(
            schedule: schedule, instant: instant, period: schedule.period(endingAt: instant, in: zone), version: version,
            configuration: configuration)
        let answer = try await service.backfill(past, for: request, by: grant.key.principal, at: now)
        guard !request.isDryRun, let run = answer.run, answer.outcome.isStart else {
            return .json(answer.document)
        }
        return .json(answer.document, status: .created, headers: [.location: Paths.run(run)])
    }

    private func version(_ call: APICall) async throws -> ConfigurationVersion {
        guard let id = call.pathValues.first, APICall.isPossibleID(id),
            let version = try await service.stores.configurations.configuration(id, of: call.granted().tenant)
        else { throw APIError(.notFound, "There is no configuration with that id.") }
        return version
    }

    /// - Parameter id: nil for the only one.
    private static func schedule(_ id: String?, of schedules: [Schedule]) throws(APIError) -> Schedule {
        guard !schedules.isEmpty else { throw .invalid("The configuration has no schedule.") }
        let ids = schedules.map { "\"\($0.id)\"" }.joined(separator: ", ")
        guard let id else {
            guard schedules.count == 1 else { throw .invalid("The configuration has several schedules. Name one of \(ids).") }
            return schedules[0]
        }
        guard let schedule = schedules.first(where: { $0.id == id }) else {
            throw .invalid("The configuration has no schedule \"\(id.visible(upTo: 128))\". It has \(ids).")
        }
        return schedule
    }

    private func zone(of schedule: Schedule) throws(APIError) -> ScheduleZone {
        do {
            return try service.zones.zone(named: schedule.timeZone)
        } catch {
            // The zone was known when the configuration was accepted; its zone data has been removed since.
            throw APIError(.unavailable, "For the schedule \"\(schedule.id)\": \(error.message).")
        }
    }
}
