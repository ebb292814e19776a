import StoreCore
public import WorkflowModel

extension PostgresStore {
    public func facets(matching query: FacetQuery) async throws -> RunFacets {
        let nothing = FacetCounter(query.facets).facets(limit: query.limit, isComplete: true)
        guard !query.filter.possibleStates.isEmpty else { return nothing }
        return try await readAnywhere(consistently: true, reusingPlans: true) { [time] database in
            guard let tenant = try database.number(of: query.tenant),
                let selection = try RunSelection(query.filter, tenant: tenant, in: database)
            else { return nothing }
            if query.facets.subtracting([.state]).isEmpty {
                if !query.filter.hasAddedConditions { return try database.keptStates(of: query, query.filter, selection) }
                if let states = try database.filedStates(of: query, selection, time: time) { return states }
            }
            return try database.countedFacets(of: query, selection, time: time)
        }
    }
}

extension PostgresConnection {
    /// From the kept counts, a statement for each state.
    /// - Parameter excluded: runs that are not counted, by state.
    fileprivate func keptStates(
        of query: FacetQuery, _ all: RunFilter, without excluded: [RunState: Int] = [:], _ selection: RunSelection
    ) throws -> RunFacets {
        var counter = FacetCounter(query.facets)
        for state in all.possibleStates {
            var filter = all
            filter.states = [state]
            let runs = try keptTotal(of: filter, selection) - (excluded[state] ?? 0)
            if runs > 0 { counter.add(runs) { _ in state.rawValue } }
        }
        return counter.facets(limit: query.limit, isComplete: true)
    }

    /// The states of a single dimension's runs; nil for other filters, and where the budget is not enough.
    fileprivate func filedStates(
        of query: FacetQuery, _ selection: RunSelection, time: any TimeSource
    ) throws -> RunFacets? {
        let steps = SearchSteps(query.budget, time: time)
        if let difference = FilterDifference(query.filter) {
            let excluded = try excluded(by: difference, selection, steps)
            return try excluded.map { try keptStates(of: query, difference.all, without: $0, selection) }
        }
        guard let (counts, isComplete) = try subjectTotals(of: query.filter, selection, steps), isComplete else { return nil }
        var counter = FacetCounter(query.facets)
        for (state, runs) in counts where runs > 0 { counter.add(runs) { _ in state.rawValue } }
        return counter.facets(limit: query.limit, isComplete: true)
    }

    /// Run by run, the newest first.
    fileprivate func countedFacets(
        of query: FacetQuery, _ selection: RunSelection, time: any TimeSource
    ) throws -> RunFacets {
        let facets = query.facets.sorted { $0.rawValue < $1.rawValue }
        var counter = FacetCounter(query.facets)
        let steps = SearchSteps(query.budget, time: time)
        guard var search = try countingSearch(query.filter, selection, by: query.filter.keyToCount()) else {
            return counter.facets(limit: query.limit, isComplete: true)
        }
        var counts: [FacetValues: Int] = [:]
        let isComplete = try count(
            &search, by: facets.map(\.column), steps, decode: { try $0.nextFacetValues(facets) },
            add: { counts[$0, default: 0] += $1 })
        try learn(
            types: counts.keys.compactMap { $0[.type]?.number }, principals: counts.keys.compactMap { $0[.principal]?.number })
        for (values, runs) in counts { try counter.add(runs) { facet in try values[facet].map { try name($0, of: facet) } } }
        return counter.facets(limit: query.limit, isComplete: isComplete)
    }

    private func name(_ value: FacetValue, of facet: RunFacet) throws -> String {
        switch (facet, value) {
        case (.type, .number(let number)): try typeName(numbered: number)
        case (.principal, .number(let number)): try principal(numbered: number).id
        case (_, .text(let text)): text.text
        case (_, .number): throw StoreError.unreadable("a number without a name")
        }
    }
}

/// A value of a dimension, as the database has it.
private enum FacetValue: Hashable {
    case number(Int)
    case text(ExactText)

    var number: Int? {
        guard case .number(let number) = self else { return nil }
        return number
    }
}

/// Without the dimensions in which runs have no value.
private typealias FacetValues = [RunFacet: FacetValue]

extension RunFacet {
    fileprivate var column: String {
        switch self {
        case .state: "state"
        case .type: "type"
        case .configuration: RunColumns.configuration
        case .attribution: "error_attribution"
        case .errorType: "error_type"
        case .principal: "principal"
        }
    }
}

extension ColumnReader {
    fileprivate mutating func nextFacetValues(_ facets: [RunFacet]) throws -> FacetValues {
        var values: FacetValues = [:]
        for facet in facets {
            switch facet {
            case .state: values[facet] = .text(ExactText(try next(RunState.self).rawValue))
            case .type, .principal: values[facet] = .number(try next())
            case .configuration, .attribution, .errorType: values[facet] = try next(String?.self).map { .text(ExactText($0)) }
            }
        }
        return values
    }
}
