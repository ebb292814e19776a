/// Lists and counts a tenant's runs.
public protocol RunListStore: Sendable {
    /// A page of runs. A filter that no index serves is answered by a search within the budget of the query: the page may then have
    /// fewer runs than its limit, or none, and still a next one.
    func runs(matching query: RunQuery) async throws -> RunPage

    /// How many matching runs have each value of some dimensions.
    func facets(matching query: FacetQuery) async throws -> RunFacets

    /// How many runs match in each hour or day, in order of time, by the filter's ``RunFilter/sortKey``.
    ///
    /// Steps without a match are left out. Of more than ``RunCount/mostSteps`` steps, the newest are returned. Conditions beside
    /// windows, states and a single type are counted within the budget of the query, newest runs first, unless counts are kept.
    func runCounts(matching query: RunCountQuery) async throws -> RunCounts

    /// Runs by their ids, in that order; ids that the tenant does not have are left out.
    func runs(withIDs ids: [RunID], of tenant: Tenant) async throws -> [WorkflowRun]

    /// The newest runs of each of these configurations, newest first; a configuration without runs is left out.
    /// - Parameter limit: runs of one configuration at most.
    func latestRuns(ofEach configurations: [String], of tenant: Tenant, limit: Int) async throws -> [String: [RecentRun]]

    /// The types of the tenant's runs, by name.
    /// - Parameter limit: types at most.
    func runTypes(of tenant: Tenant, limit: Int) async throws -> [String]

    /// The requests that stopped these runs; runs without one are left out.
    func stops(of runs: [RunID], tenant: Tenant) async throws -> [RunID: RunStop]

    /// Two equal readings say that nothing in the store has changed between them: the number changes before a change becomes
    /// visible, and again before the change is acknowledged. So data read after the first reading still holds at the second.
    ///
    /// nil while a change is being written, and where other processes can make changes too.
    var changeNumber: UInt64? { get }
}
