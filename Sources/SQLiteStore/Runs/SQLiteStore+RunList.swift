import StoreCore
public import WorkflowModel

extension SQLiteStore {
    public func runs(matching query: RunQuery) async throws -> RunPage {
        try await read(as: query.mayBeSearch ? .search : .small) { [time] database in
            guard let tenant = try database.number(of: query.tenant),
                let filter = try NumberedFilter(query.filter, in: query.sort.key, tenant: tenant, database: database)
            else { return RunPage(fetched: [], for: query, total: query.withTotal ? .exactly(0) : nil) }
            let walks = try RunWalks(filter, reading: RunReading(query), in: database)
            let found =
                walks.readOnlyMatches
                ? FoundRuns(runs: try database.listedRuns(of: query, walks))
                : try database.searchedRuns(of: query, walks, time: time)
            let total = query.withTotal ? try database.total(of: filter, within: query.budget, time: time) : nil
            return RunPage(fetched: found.runs, for: query, total: total, stoppedAt: found.stop)
        }
    }
}

extension RunQuery {
    /// Whether the walks of the list may not be enough to answer it. Its types decide too, which only the store knows.
    fileprivate var mayBeSearch: Bool {
        sort.key == .runtime || filter.hasAddedConditions || (sort.key == .ended && filter.created != nil)
    }
}

/// The runs of a page and the one after it, in the order in which they were read.
private struct FoundRuns {
    var runs: [WorkflowRun] = []
    /// Where the search was when its budget was used up; nil when it was complete.
    var stop: RunCursor?
}

enum FoundRunStatement {
    static let byNumber = "SELECT \(RunColumns.list) FROM runs AS r WHERE r.number = ?"
}

extension DatabaseConnection {
    /// The runs of walks that read matching runs only.
    fileprivate func listedRuns(of query: RunQuery, _ walks: RunWalks) throws -> [WorkflowRun] {
        var names = RunNames(self)
        var room = RunPageRoom(limit: query.limit)
        var runs: [WorkflowRun] = []
        try walks.eachRange(in: self) { range in
            let list = RunListStatement(walks, range, limit: query.limit - runs.count + 1)
            var hasRoom = true
            try (list.isKept ? prepared(list.text) : prepared(once: list.text)).forEachRow(list: list.values) { row in
                let run = try row.nextRun(of: query.tenant, &names)
                runs.append(run)
                hasRoom = room.takes(run)
                return hasRoom
            }
            return hasRoom
        }
        return runs
    }

    /// The runs that a search finds. Only matches are read as a whole.
    fileprivate func searchedRuns(of query: RunQuery, _ walks: RunWalks, time: any TimeSource) throws -> FoundRuns {
        var names = RunNames(self)
        var room = RunPageRoom(limit: query.limit)
        var search = BudgetedSearch(walks, within: query.budget, time: time, database: self)
        let match = try prepared(FoundRunStatement.byNumber)
        var runs: [WorkflowRun] = []
        try search.forEachMatch("r.number") { _, row in
            let found = try match.rows(try row.next(Int.self), atMost: 1) { try $0.nextRun(of: query.tenant, &names) }
            guard let run = found.first else { return true }
            runs.append(run)
            return room.takes(run)
        }
        return FoundRuns(runs: runs, stop: search.stop)
    }
}
