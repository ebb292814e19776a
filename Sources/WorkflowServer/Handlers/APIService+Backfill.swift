import WorkflowAPI
import WorkflowModel

/// A tick of a schedule's current version, in the past.
struct PastTick: Sendable {
    var schedule: Schedule
    var instant: Timestamp
    /// nil when the schedule has no periods.
    var period: TimeWindow?
    var version: ConfigurationVersion
    var configuration: WorkflowConfiguration
}

extension APIService {
    /// Starts the run of a past tick, or another one after a run that has ended.
    /// - Throws: ``APIError``: 400 for a run mode without tasks, 409 when the run before cannot be rerun.
    func backfill(
        _ tick: PastTick, for request: BackfillRequest, by principal: Principal, at now: Timestamp
    ) async throws -> BackfillAnswer {
        let present = try await present(tick)
        if let present, present.outcome == .waiting { return BackfillAnswer(outcome: .waiting, decidedAt: now) }
        guard let present, present.outcome == .started, let run = present.run else {
            if request.isDryRun { return BackfillAnswer(outcome: .started, decidedAt: now) }
            return try await start(try plan(tick, for: request, by: principal, at: now), of: tick, at: now)
        }
        let old = try await stores.runs.run(run, of: tick.version.tenant)
        let state = old?.run.state.state
        guard let before = request.againBefore, old.map({ $0.run.createdAt < before }) ?? true else {
            // A client that limits its concurrent runs need not ask for the state of each run that has ended.
            return BackfillAnswer(outcome: .alreadyStarted, run: run, state: state, decidedAt: now)
        }
        // The end of a run is final, so it is checked before the transaction that starts the new one.
        guard old?.run.state.hasEnded ?? true else {
            return BackfillAnswer(outcome: .underWay, run: run, state: state, decidedAt: now)
        }
        if request.isDryRun { return BackfillAnswer(outcome: .startedAgain, former: old?.run.id, decidedAt: now) }
        // Retention deletes runs before their ticks: then there is none to link to, and its properties are those of the schedule.
        let plan =
            try old.map { try self.plan(tick, again: $0, for: request, by: principal, at: now) }
            ?? self.plan(tick, for: request, by: principal, at: now)
        return try await start(plan, of: tick, replacing: run, at: now)
    }

    private func present(_ tick: PastTick) async throws -> ScheduleTick? {
        let query = TickQuery(
            tenant: tick.version.tenant, configuration: tick.configuration.id, schedule: tick.schedule.id,
            window: TimeWindow(from: tick.instant, to: tick.instant + .milliseconds(1)), limit: 1)
        return try await stores.schedules.ticks(matching: query).ticks.first
    }

    private func plan(
        _ tick: PastTick, for request: BackfillRequest, by principal: Principal, at now: Timestamp
    ) throws -> RunPlan {
        let order = RunRequest(
            principal: principal, runMode: request.runMode ?? tick.schedule.runMode, range: tick.period,
            parameters: request.parameters, scheduledFor: tick.instant)
        do {
            return try RunPlan(
                tick.configuration, version: tick.version, for: order, settings: tick.schedule.parameters, at: now,
                random: random)
        } catch {
            throw APIError(error)
        }
    }

    /// From the start, with the range, the labels and the parameters of the old run.
    private func plan(
        _ tick: PastTick, again old: WorkflowRunDetails, for request: BackfillRequest, by principal: Principal, at now: Timestamp
    ) throws -> RunPlan {
        var old = old
        if let mode = request.runMode { old.run.origin.runMode = mode }
        old.run.origin.parameters = old.run.origin.parameters.merging(request.parameters)
        let rerun = Rerun(of: old, from: .start, by: principal)
        do {
            return try RunPlan(tick.configuration, version: tick.version, doingOver: rerun, at: now, random: random)
        } catch {
            throw APIError(error)
        }
    }

    private func start(
        _ plan: RunPlan, of tick: PastTick, replacing former: RunID? = nil, at now: Timestamp
    ) async throws -> BackfillAnswer {
        switch try await stores.schedules.backfill(plan, tickOf: tick.schedule.id, replacing: former, at: now) {
        case .started(let details):
            return BackfillAnswer(
                outcome: former == nil ? .started : .startedAgain, run: details.run.id, state: details.run.state.state,
                former: plan.rerunOf, decidedAt: now)
        case .alreadyStarted(let run):
            let state = try await stores.runs.run(run, of: tick.version.tenant)?.run.state.state
            return BackfillAnswer(outcome: .alreadyStarted, run: run, state: state, decidedAt: now)
        case .waiting: return BackfillAnswer(outcome: .waiting, decidedAt: now)
        }
    }
}
