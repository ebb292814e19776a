import WorkflowAPI
package import WorkflowModel

/// Previews bulk operations and creates them, for the API and the pages.
package struct BulkRequests: Sendable {
    private let bulk: any BulkStore
    private let lists: any RunListStore
    private let time: any TimeSource
    private let random: any RandomSource

    package init(bulk: any BulkStore, lists: any RunListStore, time: any TimeSource, random: any RandomSource) {
        self.bulk = bulk
        self.lists = lists
        self.time = time
        self.random = random
    }

    /// - Throws: ``APIError``: 400 for runs that do not exist, for too many, and for those that cannot be counted in time; 409 when
    ///   the number of runs is not the expected one.
    package func preview(of selection: BulkSelection, tenant: Tenant, expecting expected: Int? = nil) async throws -> BulkPreview {
        let preview = try await preview(selection, tenant: tenant)
        try check(preview.total, expecting: expected)
        return preview
    }

    private func preview(_ selection: BulkSelection, tenant: Tenant) async throws -> BulkPreview {
        switch selection {
        case .runs(let ids):
            let runs = try await known(ids, of: tenant)
            var counter = FacetCounter([.state, .configuration])
            for run in runs { counter.add(run) }
            let facets = counter.facets(limit: BulkLimits.countedWorkflows, isComplete: true)
            return BulkPreview(
                total: ids.count, states: facets.values[.state] ?? [], workflows: facets.values[.configuration] ?? [],
                samples: Array(runs.prefix(BulkLimits.samples)))
        case .filter(let filter):
            let filter = filter.limited(to: bound)
            let (total, states) = try await count(filter, of: tenant)
            var query = FacetQuery(
                tenant: tenant, filter: filter, facets: [.configuration], limit: BulkLimits.countedWorkflows)
            query.budget.time = BulkLimits.countTime
            let workflows = try await lists.facets(matching: query)
            return BulkPreview(
                total: total, states: states, workflows: workflows.values[.configuration] ?? [],
                hasAllWorkflows: workflows.total.exact != nil, samples: try await samples(of: filter, tenant: tenant))
        }
    }

    /// - Throws: ``APIError``: 400 as ``preview(of:tenant:expecting:)``, 409 when the number of runs is not the expected one, or too many
    ///   operations are running.
    package func create(_ order: BulkOrder, of tenant: Tenant, by principal: Principal) async throws -> BulkOperation {
        let bound = bound
        let total =
            switch order.selection {
            case .runs(let ids): try await known(ids, of: tenant).count
            case .filter(let filter): try await count(filter.limited(to: bound), of: tenant).total
            }
        try check(total, expecting: order.expected)
        let now = time.now
        let operation = BulkOperation(
            id: BulkID(at: now, using: random), tenant: tenant, action: order.action, selection: order.selection,
            createdBefore: bound, perSecond: order.perSecond, requestedBy: principal, requestedAt: now, total: total)
        guard try await bulk.createBulkOperation(operation) else {
            throw APIError(
                .conflict,
                "\(BulkLimits.running) bulk operations of the tenant are running, and no more are accepted. Wait for one, or abort it."
            )
        }
        return operation
    }

    /// Runs that were created in the millisecond of the request are included.
    private var bound: Timestamp { time.now + .milliseconds(1) }

    private func check(_ total: Int, expecting expected: Int?) throws(APIError) {
        guard let expected, expected != total else { return }
        throw APIError(
            .conflict,
            "The request expects \(expected) \(expected == 1 ? "run" : "runs"), and \(total) match now. Preview it again.")
    }

    private func known(_ ids: [RunID], of tenant: Tenant) async throws -> [WorkflowRun] {
        let runs = try await lists.runs(withIDs: ids, of: tenant)
        guard runs.count < ids.count else { return runs }
        let known = Set(runs.map(\.id))
        let missing = ids.filter { !known.contains($0) }
        let others = missing.count == 1 ? "" : " Nor \(missing.count - 1) others."
        throw APIError.invalid("There is no run \((missing.first?.rawValue ?? "").quoted).\(others)")
    }

    private func count(_ filter: RunFilter, of tenant: Tenant) async throws -> (total: Int, states: [RunFacets.Value]) {
        var query = FacetQuery(tenant: tenant, filter: filter, facets: [.state])
        query.budget.time = BulkLimits.countTime
        let facets = try await lists.facets(matching: query)
        guard facets.total.counted <= BulkLimits.runs else {
            throw APIError.invalid(
                "More than \(BulkLimits.runs) runs match. Narrow the filter, such as with created_from and created_to.")
        }
        guard let total = facets.total.exact else {
            throw APIError.invalid(
                """
                More than \(facets.total.counted) runs match, and they could not be counted in \
                \(BulkLimits.countTime.components.seconds) s. Narrow the filter, such as with created_from and created_to.
                """)
        }
        return (total, facets.values[.state] ?? [])
    }

    /// The first pages of a list, which may be short: a search ends a page when its budget is used up.
    private func samples(of filter: RunFilter, tenant: Tenant) async throws -> [WorkflowRun] {
        var runs: [WorkflowRun] = []
        var query = RunQuery(tenant: tenant, filter: filter, sort: RunSort(by: .created), limit: BulkLimits.samples)
        for _ in 0..<BulkLimits.samples {
            let page = try await lists.runs(matching: query)
            runs += page.runs
            guard let next = page.next, runs.count < BulkLimits.samples else { break }
            query.after = next
            query.limit = BulkLimits.samples - runs.count
        }
        return runs
    }
}
