/// A dimension by which runs are counted.
public enum RunFacet: String, CaseIterable, Sendable {
    case state
    case type
    case configuration = "config_id"
    case attribution
    case errorType = "error_type"
    case principal = "principal_id"

    /// The value of a run; nil when the run has none.
    public func value(of run: WorkflowRun) -> String? {
        switch self {
        case .state: run.state.rawValue
        case .type: run.type
        case .configuration: run.origin.configuration
        case .attribution: run.error?.attribution?.rawValue
        case .errorType: run.error?.type
        case .principal: run.principal.id
        }
    }
}

/// A request to count runs by dimensions.
public struct FacetQuery: Hashable, Sendable {
    /// Values of a dimension.
    public static let limits = 1...100
    public static let defaultLimit = 20

    public var tenant: Tenant
    public var filter: RunFilter
    public var facets: Set<RunFacet>
    /// Within ``limits``.
    public var limit: Int
    public var budget = SearchBudget.standard

    public init(tenant: Tenant, filter: RunFilter, facets: Set<RunFacet>, limit: Int = FacetQuery.defaultLimit) {
        self.tenant = tenant
        self.filter = filter
        self.facets = facets
        self.limit = limit
    }
}

/// Matching runs, counted by dimensions.
public struct RunFacets: Hashable, Sendable {
    public struct Value: Hashable, Sendable {
        @Exact public var text: String
        public var runs: Int

        public init(text: String, runs: Int) {
            self.text = text
            self.runs = runs
        }
    }

    /// All matching runs. When the budget was used up, only the newest runs are counted, here and in ``values``.
    public var total: RunTotal
    /// The values with most runs, most first; equal numbers in the order of their bytes. Runs without a value are in none.
    public var values: [RunFacet: [Value]]

    public init(total: RunTotal, values: [RunFacet: [Value]]) {
        self.total = total
        self.values = values
    }
}

/// Counts runs by dimensions, run by run or by numbers that a store keeps.
public struct FacetCounter: Sendable {
    /// Runs that were added with all their values.
    public private(set) var runs = 0
    private let facets: [RunFacet]
    /// Of each facet, in the same order.
    private var counts: [[ExactText: Int]]

    public init(_ facets: Set<RunFacet>) {
        self.facets = Array(facets)
        counts = facets.map { _ in [:] }
    }

    public mutating func add(_ run: WorkflowRun) {
        runs += 1
        for (place, facet) in facets.enumerated() {
            if let value = facet.value(of: run) { counts[place][value, default: 0] += 1 }
        }
    }

    /// Adds runs that have the same values.
    /// - Parameter value: the value of each dimension; nil when the runs have none.
    public mutating func add(_ number: Int, value: (RunFacet) throws -> String?) rethrows {
        runs += number
        for (place, facet) in facets.enumerated() {
            if let value = try value(facet) { counts[place][ExactText(value), default: 0] += number }
        }
    }

    /// Adds runs with a value. No effect for a facet that is not counted.
    public mutating func add(_ runs: Int, with value: String, of facet: RunFacet) {
        guard runs > 0, let place = facets.firstIndex(of: facet) else { return }
        counts[place][value, default: 0] += runs
    }

    /// - Parameters:
    ///   - limit: values of a dimension.
    ///   - isComplete: whether all matching runs were added.
    public func facets(limit: Int, isComplete: Bool) -> RunFacets {
        facets(limit: limit, total: isComplete ? .exactly(runs) : .moreThan(runs))
    }

    /// - Parameters:
    ///   - limit: values of a dimension.
    ///   - total: all matching runs.
    public func facets(limit: Int, total: RunTotal) -> RunFacets {
        let values = counts.map { counts in
            counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(limit)
                .map { RunFacets.Value(text: $0.key.text, runs: $0.value) }
        }
        return RunFacets(total: total, values: Dictionary(uniqueKeysWithValues: zip(facets, values)))
    }
}
