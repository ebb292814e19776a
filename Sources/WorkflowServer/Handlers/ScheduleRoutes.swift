import HTTPTypes
import Hummingbird
import WorkflowAPI
import WorkflowModel

/// When the schedules of a configuration fire, and runs for ticks of the past.
struct ScheduleRoutes: Sendable {
    let service: APIService

    var routes: [Route] {
        [
            Route(.get, Paths.configurations + "/{id}/schedule", .policy(.viewer)) { call in try await preview(call) },
            Route(.post, Paths.configurations + "/{id}/backfill", .policy(.operator)) { call in try await backfill(call) },
        ]
    }

    private func preview(_ call: APICall) async throws -> Response {
        let parameters = try Parameters(call.query, accepting: ["schedule", "from", "to", "next"])
        let count = try parameters.integer("next", in: ScheduleForecast.limits) ?? ScheduleForecast.defaultLimit
        let window = try parameters.window(from: "from", to: "to")
        let version = try await version(call)
        var schedules = try service.configurations.parsed(version).schedules
        if let id = parameters["schedule"] { schedules = [try Self.schedule(id, of: schedules)] }
        let from = window?.from ?? service.time.now
        let forecasts = try schedules.map { schedule in
            let ticks = schedule.preview(
                after: from + .milliseconds(-1), before: window?.to ?? .latest, count: count, in: try zone(of: schedule))
            return ScheduleForecast(of: schedule, ticks: ticks)
        }
        return .json(ScheduleForecast.listDocument(forecasts))
    }

    /// One tick a request: the store keeps it from having two runs, so that whoever asks may ask again.
    private func backfill(_ call: APICall) async throws -> Response {
        _ = try Parameters(call.query, accepting: [])
        guard call.mediaType == "application/json" else {
            throw APIError(.unsupportedMediaType, "The body has to be application/json.")
        }
        let grant = try call.granted()
        let body = try await call.body(upTo: Limits.startBody)
        let request = try BackfillRequest(body: Array(body.readableBytesView))
        let version = try await version(call)
        let configuration = try service.configurations.parsed(version)
        let schedule = try Self.schedule(request.schedule, of: configuration.schedules)
        let zone = try zone(of: schedule)
        let now = service.time.now
        let instant = request.scheduledFor
        guard instant <= now else {
            throw APIError.invalid("scheduled_for (\(instant.iso8601)) is still to come; a backfill is for ticks of the past.")
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
            let usable = error.usable.map(\.rawValue).joined(separator: ", ")
            throw APIError.invalid(
                "The configuration has no task in the run_mode \(error.runMode.rawValue); it has some in \(usable).")
        }
        switch try await service.store.backfill(plan, tickOf: schedule.id, at: now) {
        case .started(let details):
            let answer = BackfillAnswer(outcome: .started, run: details.run.id, state: details.run.state.state)
            return .json(answer.document, status: .created, headers: [.location: Paths.run(details.run.id)])
        case .alreadyStarted(let run):
            // So that whoever keeps to a number of runs at once need not ask for each that has ended long ago.
            let state = try await service.store.run(run, of: grant.tenant)?.run.state.state
            return .json(BackfillAnswer(outcome: .alreadyStarted, run: run, state: state).document)
        case .waiting: return .json(BackfillAnswer(outcome: .waiting).document)
        }
    }

    private func version(_ call: APICall) async throws -> ConfigurationVersion {
        guard let id = call.pathValues.first, APICall.isPossibleID(id),
            let version = try await service.store.configuration(id, of: call.granted().tenant)
        else { throw APIError(.notFound, "There is no configuration with that id.") }
        return version
    }

    /// - Parameter id: nil for the only one.
    private static func schedule(_ id: String?, of schedules: [Schedule]) throws(APIError) -> Schedule {
        guard !schedules.isEmpty else { throw .invalid("The configuration has no schedule.") }
        let ids = schedules.map { "\"\($0.id)\"" }.joined(separator: ", ")
        guard let id else {
            guard schedules.count == 1 else { throw .invalid("The configuration has several schedules; name one of \(ids).") }
            return schedules[0]
        }
        guard let schedule = schedules.first(where: { $0.id == id }) else {
            throw .invalid("The configuration has no schedule \"\(id.prefix(128))\"; it has \(ids).")
        }
        return schedule
    }

    private func zone(of schedule: Schedule) throws(APIError) -> ScheduleZone {
        do {
            return try service.zones.zone(named: schedule.timeZone)
        } catch {
            // It was known when the configuration was accepted: its zone data is gone.
            throw APIError(.unavailable, "For the schedule \"\(schedule.id)\": \(error.message).")
        }
    }
}
