import StoreCore
public import WorkflowModel

extension PostgresStore {
    public func runs(matching query: RunQuery) async throws -> RunPage {
        let nothing = RunPage(runs: [], total: query.withTotal ? .exactly(0) : nil)
        let filter = query.walkedFilter
        if filter.possibleStates.isEmpty { return nothing }
        return try await readAnywhere(consistently: query.withTotal || filter.hasAddedConditions, reusingPlans: true) {
            [time] database in
            guard let tenant = try database.number(of: query.tenant),
                let selection = try RunSelection(filter, tenant: tenant, in: database)
            else { return nothing }
            let (found, stop) = try database.page(of: query, selection, time: time)
            let runs = try database.runs(found, of: query.tenant)
            let total = query.withTotal ? try database.total(of: filter, selection, within: query.budget, time: time) : nil
            return RunPage(fetched: runs, for: query, total: total, stoppedAt: stop)
        }
    }
}

extension RunQuery {
    /// The filter, with an end required where the order leaves out runs that have not ended.
    var walkedFilter: RunFilter {
        guard sort.key != .created, filter.ended == nil else { return filter }
        var walked = filter
        walked.ended = TimeWindow()
        return walked
    }

    /// Whether the documented API has such a list: windows, states and a type, in the order that follows from them. All of them are
    /// read without a search.
    fileprivate func isDocumented(_ selection: RunSelection) -> Bool {
        guard sort.key == filter.sortKey, !filter.hasAddedConditions else { return false }
        return selection.types == .any || selection.type != nil
    }
}

extension PostgresConnection {
    /// The runs of a page, and one more where the list continues.
    /// - Returns: the place up to which the budget of a search lasted as well; nil when the page is complete.
    fileprivate func page(
        of query: RunQuery, _ selection: RunSelection, time: any TimeSource
    ) throws -> (found: [ListedRun], stop: RunCursor?) {
        var walked = query
        walked.filter = query.walkedFilter
        if query.sort.key == .created {
            guard let narrowed = try narrowed(walked.filter, selection, query.readingDirection) else { return ([], nil) }
            walked.filter = narrowed
        }
        let walks = try walks(of: walked.filter, by: query.sort.key, selection)
        if walks.areComplete || query.isDocumented(selection) { return (try page(of: walked, selection, walks), nil) }
        return try search(walked, selection, walks, time: time)
    }

    private func search(
        _ query: RunQuery, _ selection: RunSelection, _ walks: RunWalks, time: any TimeSource
    ) throws -> (found: [ListedRun], stop: RunCursor?) {
        let (sort, cursor) = (RunSort(by: walks.key, query.readingDirection), query.before ?? query.after)
        var steps = SearchSteps(query.budget, time: time)
        var found: [ListedRun] = []
        let range = WalkRange(of: query.filter, by: sort, after: cursor)
        for part in walks.marks.parts(of: query.filter, range, filling: query.limit + 1) {
            var search = StoreSearch(part, selection, walks, sort.direction, after: cursor)
            let (more, stop) = try runs(of: &search, limit: query.limit + 1 - found.count, &steps)
            found += more
            if stop != nil || found.count > query.limit { return (found, stop) }
        }
        return (found, nil)
    }
}
