import Testing
public import WorkflowModel

extension StoreBench {
    /// Saves a version of a configuration, by default with schedules. The store does not parse them.
    @discardableResult
    public func schedule(
        _ id: String = "cg-daily", of tenant: Tenant = acme, text: String = "schedules", hasSchedules: Bool = true,
        at now: Timestamp = start
    ) async throws -> ConfigurationVersion {
        try await store.saveConfiguration(draft(id, of: tenant, text: text, hasSchedules: hasSchedules, at: now), at: now).version
    }

    /// The undecided progress of one configuration at that time.
    public func scheduleProgress(of id: String = "cg-daily", at now: Timestamp) async throws -> ScheduleProgress {
        try #require(
            try await store.dueSchedulesOfAllTenants(at: now, limit: 10).first { $0.configuration == id && $0.tenant == Self.acme })
    }

    public func tick(
        _ instant: Timestamp, _ outcome: TickOutcome = .skipped, of schedule: String = "default", run: RunID? = nil,
        reason: TickReason? = nil, mergedInto: Timestamp? = nil, dueAt: Timestamp? = nil, at now: Timestamp? = nil
    ) -> ScheduleTick {
        ScheduleTick(
            tenant: Self.acme, configuration: "cg-daily", schedule: schedule, instant: instant, outcome: outcome, reason: reason,
            run: run, mergedInto: mergedInto, dueAt: dueAt, decidedAt: now ?? instant)
    }

    /// A decision about this progress, made at this instant.
    public func decision(
        _ scheduleProgress: ScheduleProgress, until now: Timestamp, wakeAt: Timestamp? = nil, waitsForRun: Bool = false,
        isOver: Bool = false, _ ticks: [ScheduleTick] = [], starting starts: [RunPlan] = []
    ) -> ScheduleDecision {
        ScheduleDecision(
            tenant: scheduleProgress.tenant, configuration: scheduleProgress.configuration, revision: scheduleProgress.revision,
            decidedUntil: now,
            wakeAt: wakeAt, waitsForRun: waitsForRun, isOver: isOver, ticks: ticks, starts: starts)
    }

    /// A plan of a run for a tick, started by its schedule or requested by a principal.
    public func plan(
        for instant: Timestamp, of version: ConfigurationVersion, by schedule: String? = "default", at now: Timestamp
    ) throws -> RunPlan {
        let configuration = WorkflowConfiguration(
            id: version.configuration, name: "Daily", type: "test.daily/run",
            stages: [Stage(name: "Everything", tasks: [Self.task("only")])])
        let range = TimeWindow(from: instant + .seconds(-60), to: instant)
        let request = RunRequest(
            principal: schedule == nil ? Self.someone : .schedule, range: range, scheduledFor: instant, schedule: schedule)
        return try RunPlan(configuration, version: version, for: request, at: now, random: random)
    }

    /// Saves a configuration and starts the run of one of its ticks, a minute later.
    func startOneTick() async throws -> RunPlan {
        let version = try await schedule()
        let now = Self.after(60)
        let plan = try plan(for: now, of: version, at: now)
        let decision = decision(
            try await scheduleProgress(at: now), until: now, wakeAt: Self.after(120), [tick(now, .started, run: plan.id)],
            starting: [plan])
        #expect(try await store.record(decision, at: now))
        return plan
    }

    func allTicks(_ schedule: String? = nil) async throws -> [ScheduleTick] {
        let query = TickQuery(tenant: Self.acme, configuration: "cg-daily", schedule: schedule, limit: 1_000)
        return try await store.ticks(matching: query).ticks
    }
}
