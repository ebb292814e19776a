public import WorkflowModel

/// The questions behind the numbers of the filter panel and the line about failures.
///
/// The values of a dimension are counted without the dimension's own condition, so that the number beside a value says how many runs
/// the list would have with that value.
public struct FacetPlan: Sendable {
    /// Values of a dimension that are asked for.
    static let values = 20

    /// Stores keep counts by these, or by one of them. Each is asked for on its own, so that its numbers are exact at once.
    private static let kept: Set<RunFacet> = [.state, .type]

    /// Those that kept counts answer come first.
    public let queries: [FacetQuery]
    private let filter: RunFilter
    private let tenant: Tenant

    public init(_ filter: RunFilter, of tenant: Tenant) {
        self.filter = filter
        self.tenant = tenant
        var questions: [(filter: RunFilter, isKept: Bool, facets: Set<RunFacet>)] = []
        func ask(_ filter: RunFilter, _ facets: Set<RunFacet>) {
            let isKept = facets.isSubset(of: Self.kept) && !filter.hasAddedConditions
            if !isKept, let place = questions.firstIndex(where: { $0.filter == filter && !$0.isKept }) {
                questions[place].facets.formUnion(facets)
            } else {
                questions.append((filter, isKept, facets))
            }
        }
        for facet in RunFacet.allCases { if let counted = filter.counted(by: facet) { ask(counted, [facet]) } }
        if let failed = filter.ofFailures { ask(failed, Self.ofFailures) }
        queries = (questions.filter { $0.isKept } + questions.filter { !$0.isKept }).map { question in
            FacetQuery(tenant: tenant, filter: question.filter, facets: question.facets, limit: Self.values)
        }
    }

    /// The budget of the next question.
    /// - Parameters:
    ///   - time: in the store for all questions of a page together: as much as the list itself may take.
    ///   - spent: the time that earlier questions took.
    ///   - left: the number of questions that have no answer yet, the next one included.
    public static func budget(of time: Duration, after spent: Duration, left: Int) -> SearchBudget {
        SearchBudget(time: max(.zero, time - spent) / max(1, left))
    }

    /// - Parameter answers: one to each of ``queries``, in their order.
    public func counts(_ answers: [RunFacets]) -> FacetCounts {
        func answer(to filter: RunFilter, by facets: Set<RunFacet>) -> RunFacets? {
            zip(queries, answers).first { query, _ in query.filter == filter && facets.isSubset(of: query.facets) }?.1
        }
        var counts = FacetCounts()
        for facet in RunFacet.allCases {
            counts.dimensions[facet] = filter.counted(by: facet).flatMap { answer(to: $0, by: [facet]) }
        }
        counts.failures = filter.ofFailures.flatMap { answer(to: $0, by: Self.ofFailures) }
        return counts
    }

    private static let ofFailures: Set<RunFacet> = [.attribution, .errorType, .configuration]

    /// The question that follows: which workflow has most failures of the most frequent error type.
    /// - Returns: nil when there are no failures, or the filter is already of one workflow.
    public func lastQuery(_ counts: FacetCounts) -> FacetQuery? {
        guard let failed = filter.ofFailures, filter.configurations.single == nil, let error = counts.mostFrequentError else {
            return nil
        }
        return FacetQuery(
            tenant: tenant, filter: failed.with(only: error, of: .errorType), facets: [.configuration], limit: 1)
    }
}

/// The answers to a ``FacetPlan``.
public struct FacetCounts: Hashable, Sendable {
    /// Each counted without its own condition.
    var dimensions: [RunFacet: RunFacets] = [:]
    /// Failed runs among the runs of the filter; nil when it excludes them.
    var failures: RunFacets?
    /// The workflow with most failures of the most frequent error type; nil when it is not known.
    @Exact public var worstWorkflow: String?

    public init() {}

    var mostFrequentError: String? { failures?.values[.errorType]?.first?.text }

    /// Ids of the values that are shown with names.
    public func ids(of facet: RunFacet) -> [String] {
        (dimensions[facet]?.values[facet] ?? []).map(\.text)
    }
}

extension RunFilter {
    /// The runs that are counted by the values of a dimension.
    /// - Returns: nil when none can have a value.
    fileprivate func counted(by facet: RunFacet) -> RunFilter? {
        (facet == .attribution ? ofFaults : self)?.without(facet)
    }

    /// The filter narrowed to failed runs; nil when it excludes them.
    fileprivate var ofFailures: RunFilter? {
        guard states?.contains(.failed) ?? true else { return nil }
        var failed = self
        failed.states = [.failed]
        return failed
    }
}
