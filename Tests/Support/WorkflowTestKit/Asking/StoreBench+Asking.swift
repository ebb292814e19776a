import Testing
public import WorkflowModel

extension StoreBench {
    /// Imports a varied history, in batches as an import does.
    func importVaried(
        _ count: Int, of tenant: Tenant = acme, over spread: RunHistory.Spread = .crowded
    ) async throws -> RunsInMemory {
        let history = VariedHistory(count, of: tenant, over: spread, random: random)
        try await importAll(history.runs)
        return RunsInMemory(history.runs)
    }

    public func importAll(_ runs: [WorkflowRun]) async throws {
        for start in stride(from: 0, to: runs.count, by: 1_000) {
            let batch = runs[start..<min(start + 1_000, runs.count)]
            guard let tenant = batch.first?.tenant else { continue }
            _ = try await store.importRuns(batch.map { ImportedRun(run: $0) }, into: tenant)
        }
    }

    /// Walks a list to its end and back to its beginning, and compares every page with the runs in memory.
    /// - Returns: the pages of the way to the end.
    @discardableResult
    func expectList(
        _ query: RunQuery, of runs: RunsInMemory, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> [RunPage] {
        var (query, pages, isOnTheWayBack) = (query, [RunPage](), false)
        // Every page gets ahead by a run at least.
        for _ in 0..<2 * runs.count + 4 {
            let page = try await store.runs(matching: query)
            if let problem = runs.problem(with: page, for: query) ?? runs.problem(with: page.total, for: query) {
                Issue.record("\(problem)\n\(query.text)", sourceLocation: sourceLocation)
                return pages
            }
            if !isOnTheWayBack { pages.append(page) }
            if let next = page.next, !isOnTheWayBack {
                (query.after, query.before) = (next, nil)
            } else if let previous = page.previous {
                isOnTheWayBack = true
                (query.after, query.before) = (nil, previous)
            } else {
                return pages
            }
        }
        Issue.record("the list has no end\n\(query.text)", sourceLocation: sourceLocation)
        return pages
    }

    /// The ids of a list in one page, sorted, so that a rule can name them without their order.
    public func ids(_ filter: RunFilter, of tenant: Tenant = acme) async throws -> [String] {
        var query = RunQuery(tenant: tenant, filter: filter, limit: 1_000)
        query.budget = Self.patience
        return try await store.runs(matching: query).runs.map(\.id.rawValue).sorted()
    }

    /// A run that ended after a second, created that many seconds after ``start``.
    public func endedRun(_ id: String, _ state: RunState = .succeeded, at second: Double = 0, took runtime: Duration = .seconds(1))
        -> WorkflowRun
    {
        WorkflowRun(
            id: RunID(rawValue: id), tenant: Self.acme, name: "Daily", type: "test.daily/run", state: state,
            createdAt: Self.after(second), endedAt: state.hasEnded ? Self.after(second) + runtime : nil, principal: Self.someone)
    }
}

extension RunFilter {
    /// The filter with these texts.
    public static func reading(_ texts: KeyValuePairs<RunFilterField, String>) throws -> RunFilter {
        var filter = RunFilter()
        for (field, text) in texts { try filter.add(text, to: field) }
        return filter
    }

    /// The filter as a query, for messages.
    var text: String {
        let parts = texts.map { "\($0.field.name)=\($0.text.debugDescription)" }
        return parts.isEmpty ? "no filter" : parts.joined(separator: "&")
    }
}

extension RunQuery {
    /// The request in words, for messages.
    var text: String {
        let place = after.map { ", after \($0.text)" } ?? before.map { ", before \($0.text)" } ?? ""
        let budget = "\(self.budget.time)" + (self.budget.runs.map { ", \($0) runs" } ?? "")
        let total = withTotal ? ", with total" : ""
        return "\(filter.text), by \(sort.key) \(sort.direction.rawValue), pages of \(limit)\(place)\(total), budget \(budget)"
    }
}
