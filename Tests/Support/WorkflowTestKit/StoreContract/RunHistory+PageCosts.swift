public import WorkflowModel

extension RunHistory {
    /// Measures pages at the beginning, in the middle and near the end of several lists. Half of the runs were created at one
    /// instant: the worst case for a list that sorts by id.
    /// - Parameters:
    ///   - cost: the cost of one page, in any unit.
    ///   - check: receives the costs of each list.
    public static func measurePages(
        of store: any MaintenanceStore, cost: (RunQuery) async throws -> Int, check: (RunFilter, [Int]) throws -> Void
    ) async throws {
        var history = RunHistory(4_000, random: SeededRandom(seed: 5))
        for index in history.runs.indices where index % 2 == 0 { history.runs[index].createdAt = StoreBench.start }
        _ = try await store.importRuns(history.imported, into: history.tenant)
        for filter in [
            RunFilter(), RunFilter(type: types[0]), RunFilter(state: .failed), RunFilter(ended: TimeWindow()),
            RunFilter(state: .running),
        ] {
            let sorted = history.list(filter)
            var costs: [Int] = []
            for place in [0, sorted.count / 2, sorted.count - 60] {
                let cursor = place == 0 ? nil : RunCursor(of: sorted[place], by: filter.sortKey)
                costs.append(try await cost(RunQuery(tenant: history.tenant, filter: filter, limit: 50, after: cursor)))
            }
            try check(filter, costs)
        }
    }
}
