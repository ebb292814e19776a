package import WorkflowModel

extension TickDecision {
    /// The decision in the form that a store writes: with a plan for the run of every tick that started.
    package func planned(
        from scheduleProgress: ScheduleProgress, versions: [ConfigurationVersionID: ReadSchedules], at now: Timestamp,
        random: any RandomSource
    ) -> ScheduleDecision {
        var decision = ScheduleDecision(
            tenant: scheduleProgress.tenant, configuration: scheduleProgress.configuration, revision: scheduleProgress.revision,
            decidedUntil: decidedUntil, wakeAt: wakeAt, waitsForRun: waitsForRun, isOver: isOver, ticks: ticks)
        guard let current = scheduleProgress.currentVersion.flatMap({ versions[$0] }) else { return decision }
        for index in decision.ticks.indices where decision.ticks[index].outcome == .started {
            let tick = decision.ticks[index]
            let schedule = current[tick.schedule]?.schedule
            let request = RunRequest(
                principal: .schedule, runMode: schedule?.runMode,
                range: tick.periodFrom.map { TimeWindow(from: $0, to: tick.instant) }, scheduledFor: tick.instant,
                schedule: tick.schedule)
            do {
                let plan = try RunPlan(
                    current.configuration, version: current.version, for: request, settings: schedule?.parameters ?? [], at: now,
                    random: random)
                decision.starts.append(plan)
                decision.ticks[index].run = plan.id
            } catch {
                decision.ticks[index].outcome = .missed
                decision.ticks[index].reason = if case .parameters = error { .parameters } else { .nothingToRun }
            }
        }
        // The run started here is the one that a superseded tick made room for.
        for index in decision.ticks.indices where decision.ticks[index].reason == .overlap && decision.ticks[index].run == nil {
            decision.ticks[index].run = decision.starts.first { $0.schedule == decision.ticks[index].schedule }?.id
        }
        return decision
    }
}
