import HTTPTypes
import Hummingbird
import WorkflowAPI
import WorkflowModel

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
        let from = window?.from ?? service.time.now
        let forecasts = try schedules.map { schedule in
            let ticks = schedule.preview(
                after: from + .milliseconds(-1), before: window?.to ?? .latest, count: count, in: try zone(of: schedule))
            return ScheduleForecast(of: schedule, ticks: ticks)
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
        let order = RunRequest(
            principal: grant.key.principal, runMode: request.runMode ?? schedule.runMode,
            range: schedule.period(endingAt: instant, in: zone), scheduledFor: instant)
        let plan: RunPlan
        do {
            plan = try RunPlan(configuration, version: version, for: order, at: now, random: service.random)
        } catch {
            throw APIError(error)
        }
        switch try await service.stores.schedules.backfill(plan, tickOf: schedule.id, at: now) {
        case .started(let details):
            let answer = BackfillAnswer(outcome: .started, run: details.run.id, state: details.run.state.state)
            return .json(answer.document, status: .created, headers: [.location: Paths.run(details.run.id)])
        case .alreadyStarted(let run):
            // A client that limits its concurrent runs need not ask for the state of each run that has ended.
            let state = try await service.stores.runs.run(run, of: grant.tenant)?.run.state.state
            return .json(BackfillAnswer(outcome: .alreadyStarted, run: run, state: state).document)
        case .waiting: return .json(BackfillAnswer(outcome: .waiting).document)
        }
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
