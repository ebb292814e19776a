import StoreCore
public import WorkflowModel

extension SQLiteStore {
    public func facets(matching query: FacetQuery) async throws -> RunFacets {
        try await read(as: query.asksKeptCounts ? .small : .search) { [time] database in
            guard let tenant = try database.number(of: query.tenant),
                let filter = try NumberedFilter(query.filter, tenant: tenant, database: database)
            else { return FacetCounter(query.facets).facets(limit: query.limit, isComplete: true) }
            if let kept = try database.keptFacets(of: query, filter) { return kept }
            return try database.searchedFacets(of: query, filter, time: time)
        }
    }
}

extension FacetQuery {
    /// Whether only states and types of the documented filters are counted, which kept counts know.
    fileprivate var asksKeptCounts: Bool { facets.isSubset(of: [.state, .type]) && !filter.hasAddedConditions }
}

extension DatabaseConnection {
    /// Types whose counts are added up. Each costs the reading of some nodes, which a budget does not measure.
    private static let mostTypes = 50

    /// The facets that kept counts know; nil for others, and for more types than the limit.
    fileprivate func keptFacets(of query: FacetQuery, _ filter: NumberedFilter) throws -> RunFacets? {
        guard query.asksKeptCounts else { return nil }
        var counter = FacetCounter(query.facets)
        if query.facets.contains(.type) {
            let types = filter.types == .any ? .except([]) : filter.types
            guard let types = try self.types(of: types, in: filter.tenant, limit: Self.mostTypes) else { return nil }
            var names = RunNames(self)
            for type in types {
                let runs = try tally(RunSelection(filter, type: type, by: filter.clock)).wrappedSum()
                counter.add(Int(runs), with: try names.type(numbered: type), of: .type)
            }
        }
        let counts = try tally(filter)
        for (state, runs) in counts.byState { counter.add(runs, with: state.rawValue, of: .state) }
        return counter.facets(limit: query.limit, total: .exactly(Int(counts.wrappedSum())))
    }

    /// The facets of the newest matching runs, as many as the budget allows.
    fileprivate func searchedFacets(
        of query: FacetQuery, _ filter: NumberedFilter, time: any TimeSource
    ) throws -> RunFacets {
        let hasIndex = filter.filter.rerunOf != nil || filter.filter.configurations.included != nil
        let walks = try RunWalks(
            filter, reading: RunReading(all: hasIndex ? .created : filter.filter.sortKey), in: self)
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

enum FacetStatement {
    /// The columns of a run that have a facet.
    static let columns =
        "r.state, r.type, r.principal, r.error_attribution, r.error_type, \(RunColumns.configuration)"
}

extension ColumnReader {
    /// A run of ``FacetStatement/columns``, with no other properties.
    fileprivate mutating func nextCountedRun(of tenant: Tenant, _ names: inout RunNames) throws -> WorkflowRun {
        let (state, type) = (try next(RunState.self), try names.type(numbered: next()))
        let principal = try names.principal(numbered: next())
        let attribution = try next(Attribution?.self)
        let error = try next(String?.self).map { RunError(attribution: attribution, type: $0, message: "") }
        return WorkflowRun(
            id: RunID(rawValue: ""), tenant: tenant, name: "", type: type, state: state, createdAt: .earliest, principal: principal,
            error: error, origin: RunOrigin(configuration: try next()))
    }
}
