import StoreCore
public import WorkflowModel

extension SQLiteStore {
    public func runs(matching query: RunQuery) async throws -> RunPage {
        let answer = { @Sendable [time] (database: DatabaseConnection) in try database.page(of: query, time: time) }
        guard query.mayBeSearch else { return try await read(answer) }
        if query.asksForOneDimension {
            let page = try await read { try $0.readsFewRuns(for: query) ? answer($0) : nil }
            if let page { return page }
        }
        return try await read(as: .search, answer)
    }
}

extension RunQuery {
    /// Whether the walks of the list may not be enough to answer it. Its types decide too, which only the store knows.
    fileprivate var mayBeSearch: Bool {
        sort.key == .runtime || filter.hasAddedConditions || (sort.key == .ended && filter.created != nil)
    }

    /// Values of a dimension that have a walk for each ended state, beside the walks of the other runs.
    private static let mostValuesOfWalks = 8

    /// Whether the page and its total are those of filed runs, beside the others.
    fileprivate var asksForOneDimension: Bool {
        sort.key == .created && filter.onlySubjects.map { $0.partial.isEmpty && $0.whole.count <= Self.mostValuesOfWalks } ?? false
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
    /// Runs that go on, for a page to be a small read: each of them may be read. That takes about 2 ms.
    private static let mostOpenOfPage: Int64 = 1_000

    fileprivate func page(of query: RunQuery, time: any TimeSource) throws -> RunPage {
        guard let tenant = try number(of: query.tenant),
            let filter = try NumberedFilter(query.filter, in: query.sort.key, tenant: tenant, database: self)
        else { return RunPage(fetched: [], for: query, total: query.withTotal ? .exactly(0) : nil) }
        let walks = try RunWalks(filter, reading: RunReading(query), in: self)
        let found =
            walks.readOnlyMatches
            ? FoundRuns(runs: try listedRuns(of: query, walks)) : try searchedRuns(of: query, walks, time: time)
        let total = query.withTotal ? try self.total(of: filter, within: query.budget, time: time) : nil
        return RunPage(fetched: found.runs, for: query, total: total, stoppedAt: found.stop)
    }

    /// Whether few runs are read that do not match a query for one dimension.
    fileprivate func readsFewRuns(for query: RunQuery) throws -> Bool {
        guard let tenant = try number(of: query.tenant),
            let filter = try NumberedFilter(query.filter, in: query.sort.key, tenant: tenant, database: self)
        else { return true }
        return try FilingState(self).isUsable && !hasOpenRuns(of: filter, above: Self.mostOpenOfPage)
    }

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
