/// Statistics of runs that retention deleted. ``MaintenanceStore`` adds and deletes them.
public protocol StatisticsStore: Sendable {
    /// The number and runtimes of a tenant's deleted runs, in groups. Runs that still exist are not among them.
    ///
    /// Of more than ``StatisticsQuery/limit`` groups, those of the newest days, or with most runs, are returned.
    func statistics(matching query: StatisticsQuery) async throws -> RunStatistics
}
