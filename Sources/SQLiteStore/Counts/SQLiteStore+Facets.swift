import StoreCore
public import WorkflowModel

extension SQLiteStore {
    public func facets(matching query: FacetQuery) async throws -> RunFacets {
        try await read(as: query.asksKeptCounts ? .small : .search) { [time] database in
            guard let tenant = try database.number(of: query.tenant),
                let filter = try NumberedFilter(query.filter, tenant: tenant, database: database)
            else { return FacetCounter(query.facets).facets(limit: query.limit, isComplete: true) }
            if let kept = try database.keptFacets(of: query, filter, time: time) { return kept }
            return try database.searchedFacets(of: query, filter, time: time)
        }
    }
}

extension FacetQuery {
    /// Whether only states and types of the documented filters are counted, for which no run has to be read.
    fileprivate var asksKeptCounts: Bool { facets.isSubset(of: [.state, .type]) && !filter.hasAddedConditions }
}

extension DatabaseConnection {
    /// Types whose counts are added up. Each costs the reading of some nodes, which a budget does not measure.
    private static let mostTypes = 50

    /// The facets that kept counts know; nil for others.
    fileprivate func keptFacets(of query: FacetQuery, _ filter: NumberedFilter, time: any TimeSource) throws -> RunFacets? {
        guard !query.filter.hasAddedConditions else { return try keptStates(of: query, filter, time: time) }
        var counter = FacetCounter(query.facets)
        guard try countTypes(of: query, filter, in: &counter), try countValues(of: query, filter, time: time, in: &counter)
        else { return nil }
        return counter.facets(of: query, try tally(filter))
    }

    /// The states of a single dimension's runs.
    private func keptStates(of query: FacetQuery, _ filter: NumberedFilter, time: any TimeSource) throws -> RunFacets? {
        guard query.facets.isSubset(of: [.state]),
            let (counts, isComplete) = try subjectCounts(of: filter, within: query.budget, time: time), isComplete
        else { return nil }
        var counter = FacetCounter(query.facets)
        return counter.facets(of: query, counts)
    }

    /// - Returns: false for more types than the limit.
    private func countTypes(of query: FacetQuery, _ filter: NumberedFilter, in counter: inout FacetCounter) throws -> Bool {
        guard query.facets.contains(.type) else { return true }
        let choice = filter.types == .any ? .except([]) : filter.types
        guard let types = try types(of: choice, in: filter.tenant, limit: Self.mostTypes) else { return false }
        var names = RunNames(self)
        for type in types {
            let runs = try tally(RunSelection(filter, of: .type(type), by: filter.clock)).wrappedSum()
            counter.add(Int(runs), with: try names.type(numbered: type), of: .type)
        }
        return true
    }

    /// The facets of the newest matching runs, as many as the budget allows.
    fileprivate func searchedFacets(
        of query: FacetQuery, _ filter: NumberedFilter, time: any TimeSource
    ) throws -> RunFacets {
        let walks = try RunWalks(all: filter, in: self)
        var search = BudgetedSearch(walks, within: query.budget, time: time, database: self)
        var names = RunNames(self)
        var counter = FacetCounter(query.facets)
        try search.forEachMatch(FacetStatement.columns) { _, row in
            counter.add(try row.nextCountedRun(of: query.tenant, &names))
            return true
        }
        return counter.facets(limit: query.limit, isComplete: search.stop == nil)
    }
}

extension FacetCounter {
    /// The facets with the states of all matching runs.
    fileprivate mutating func facets(of query: FacetQuery, _ counts: StateCounts) -> RunFacets {
        for (state, runs) in counts.byState { add(runs, with: state.rawValue, of: .state) }
        return facets(limit: query.limit, total: .exactly(Int(counts.wrappedSum())))
    }
}

enum FacetStatement {
    /// The columns of a run that have a facet.
    static let columns =
        "r.state, r.type, r.principal, r.error_attribution, r.error_type, \(RunColumns.configuration)"
}

extension ColumnReader {
    /// A run of ``FacetStatement/columns``, with no other properties.
    mutating func nextCountedRun(of tenant: Tenant, _ names: inout RunNames) throws -> WorkflowRun {
        let (state, type) = (try next(RunState.self), try names.type(numbered: next()))
        let principal = try names.principal(numbered: next())
        let attribution = try next(Attribution?.self)
        let error = try next(String?.self).map { RunError(attribution: attribution, type: $0, message: "") }
        return WorkflowRun(
            id: RunID(rawValue: ""), tenant: tenant, name: "", type: type, state: state, createdAt: .earliest, principal: principal,
            error: error, origin: RunOrigin(configuration: try next()))
    }
}
