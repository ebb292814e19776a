/// Keeps the progress of schedules and the outcome of every tick.
public protocol ScheduleStore: SignalSource {
    /// The configurations whose schedules are due by now, longest first, with the data that a decision about them needs.
    func dueSchedulesOfAllTenants(at now: Timestamp, limit: Int) async throws -> [ScheduleProgress]

    /// When the schedules of any configuration are due next; nil when there is none.
    func nextScheduleTimeOfAllTenants() async throws -> Timestamp?

    /// Writes a decision: the ticks, the runs of ticks that started, and the progress of the schedules.
    ///
    /// - Returns: false when another scheduler has decided since, or the configuration has changed: then nothing was written.
    /// - Throws: ``StoreError/Code/duplicate`` when a tick has its outcome already.
    func record(_ decision: ScheduleDecision, at now: Timestamp) async throws -> Bool

    /// Starts the run of a past tick, unless the tick has one. The plan has the tick's instant (`scheduledFor`).
    ///
    /// - Parameter former: a run of the tick that has ended, which the planned run replaces as the tick's run; nil for none. When the
    ///   tick has another run by then, nothing is started.
    func backfill(
        _ plan: RunPlan, tickOf schedule: String, replacing former: RunID?, at now: Timestamp
    ) async throws -> BackfillReceipt

    /// The ticks of a configuration, newest first; also of a deleted configuration.
    func ticks(matching query: TickQuery) async throws -> TickPage
}

extension ScheduleStore {
    /// Starts the run of a past tick, unless the tick has one.
    public func backfill(_ plan: RunPlan, tickOf schedule: String, at now: Timestamp) async throws -> BackfillReceipt {
        try await backfill(plan, tickOf: schedule, replacing: nil, at: now)
    }
}
