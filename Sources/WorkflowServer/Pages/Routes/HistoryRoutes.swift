import HTTPTypes
import Hummingbird
import WorkflowAPI
import WorkflowModel
import WorkflowPages

/// Run history.
struct HistoryRoutes: Sendable {
    let service: PageService

    var routes: [PageRoute] {
        [
            PageRoute(.get, PageAddress.history, .policy(.viewer)) { call in try await show(call) },
            PageRoute(.get, PageAddress.history + "/live", .policy(.viewer)) { call in try await follow(call) },
        ]
    }

    private func show(_ call: PageCall) async throws -> Response {
        let now = service.now
        let address = try call.historyAddress(at: now)
        if let text = try call.query.single(PageAddress.searchText) {
            do {
                return .seeOther(HistoryAddress(try RunSearch(reading: text, at: now), at: now).href)
            } catch {
                return try await refuse(FailedSearch(text: text, error: error), at: address, for: call, now)
            }
        }
        // Empty fields of a form are removed from the address, which may be shared.
        if call.query.pairs.contains(where: { $0.value.isEmpty }) { return .seeOther(address.href) }
        return try await list(address, for: call, at: now)
    }

    /// A page without a list and without counts: those of the address would look like an answer to the search.
    private func refuse(
        _ failed: FailedSearch, at address: HistoryAddress, for call: PageCall, _ now: Timestamp
    ) async throws -> Response {
        let visitor = try call.known()
        var found = HistoryFindings(RunPage(runs: []))
        found.views = try await service.stores.views.views(of: visitor.tenant)
        let shown = HistoryPage(found, at: address, failed: failed, for: visitor, now: now)
        return .html(service.pages.document(shown, for: visitor), status: .badRequest)
    }

    private func list(_ address: HistoryAddress, for call: PageCall, at now: Timestamp) async throws -> Response {
        let visitor = try call.known()
        var query = RunQuery(
            tenant: visitor.tenant, filter: address.filter, sort: address.order, limit: HistoryPage.length, withTotal: true)
        query.limitWork(to: service.api.settings.searchTime)
        switch address.place {
        case .newest: break
        case .after(let cursor): query.after = cursor
        case .before(let cursor): query.before = cursor
        }
        let (service, asked) = (service, query)
        async let page = service.stores.lists.runs(matching: asked)
        async let facets = service.facets(FacetPlan(address.filter, of: visitor.tenant))
        async let views = service.stores.views.views(of: visitor.tenant)
        let counted = try await service.counts(of: address, total: nil, tenant: visitor.tenant, at: now)
        var found = HistoryFindings(try await page)
        // Going back beyond the first run leads to the first page.
        if case .before = address.place, found.page.previous == nil { return .seeOther(address.at(.newest).href) }
        found.runsToFile = try await runsToFile(behind: found.page)
        found.chart = counted.plan.map { ($0, counted.counts) }
        found.deleted = counted.deleted
        found.stops = try await service.stops(of: found.page.runs)
        found.notes = try await service.stores.notes.noteCounts(on: found.page.runs.map(\.id), of: visitor.tenant)
        found.facets = try await facets
        found.views = try await views
        for facet in [RunFacet.configuration, .principal] {
            try await service.name(found.facets.ids(of: facet), of: facet, in: &found.names, tenant: visitor.tenant)
        }
        return .html(service.pages.document(HistoryPage(found, at: address, for: visitor, now: now), for: visitor))
    }

    /// The runs that are left to file, where that may be why the page is not complete.
    private func runsToFile(behind page: RunPage) async throws -> Int {
        guard page.endedEarly || page.total?.exact == nil, let filing = service.stores.filing else { return 0 }
        return try await filing.runsToFileOfAllTenants(countingTo: FilingNote.most)
    }

    private func follow(_ call: PageCall) async throws -> Response {
        let visitor = try call.known()
        let parameters = call.parameters.filter { $0.name != "once" && $0.name != "seen" }
        let seen = SeenRegions(call.seenTag, among: service.looks)
        let service = service
        let newer = NewerRuns(lists: service.stores.lists)
        let followed = FollowedCounts(by: service)
        return try await EventStream(service: service).response(to: call) {
            // Read again for each look: times may move with the clock.
            let watch = try Self.watch(parameters, at: service.now)
            let found = try await service.stores.lists.runs(withIDs: watch.runs, of: visitor.tenant)
            let count = try await newer.count(watch, of: visitor.tenant, at: service.now)
            let stops = try await service.stops(of: found)
            let notes = try await service.stores.notes.noteCounts(on: watch.runs, of: visitor.tenant)
            let counted = try await followed.counts(watch, of: visitor.tenant, at: service.now)
            return seen.step(
                to: watch.look(found, stops: stops, notes: notes, newer: count, counted: counted, for: visitor, with: service.pages)
            )
        }
    }

    private static func watch(_ parameters: [(name: String, value: String)], at now: Timestamp) throws(APIError) -> HistoryWatch {
        do {
            return try HistoryWatch(parameters: parameters, at: now)
        } catch {
            throw .invalid(error.message)
        }
    }
}

extension PageCall {
    /// The address of the history in the query, without the text of the search box.
    /// - Throws: ``APIError`` (400)
    func historyAddress(at now: Timestamp, besides others: Set<ExactText> = []) throws(APIError) -> HistoryAddress {
        let parameters = parameters.filter { $0.name != PageAddress.searchText && !others.contains($0.name) }
        do {
            return try HistoryAddress(parameters: parameters, at: now)
        } catch {
            throw .invalid(error.message)
        }
    }
}

extension PageService {
    /// The stop requests of the stopped runs among these, all of one tenant.
    func stops(of runs: [WorkflowRun]) async throws -> [RunID: RunStop] {
        let stopped = runs.filter { $0.state == .canceled || $0.state == .stopping }
        guard let first = stopped.first else { return [:] }
        return try await stores.lists.stops(of: stopped.map(\.id), tenant: first.tenant)
    }

    /// The counts of the chart above a list.
    func counts(of address: HistoryAddress, total: RunTotal?, tenant: Tenant, at now: Timestamp)
        async throws -> HistoryCounts
    {
        guard let plan = ChartPlan(address, at: now) else { return HistoryCounts(total: total) }
        var query = RunCountQuery(tenant: tenant, filter: plan.filter, step: plan.step)
        query.budget.time = api.settings.searchTime
        let counts = try await stores.lists.runCounts(matching: query)
        var deleted: [RunCount] = []
        if let filter = plan.deleted { deleted = try await deletedRuns(filter, of: tenant) }
        return HistoryCounts(total: total, plan: plan, counts: counts, deleted: deleted)
    }

    /// The runs of a tenant that retention deleted, by day. Of a window with more days than a chart counts, the newest.
    func deletedRuns(_ filter: StatisticsFilter, of tenant: Tenant) async throws -> [RunCount] {
        let query = StatisticsQuery(
            tenant: tenant, filter: filter, dimensions: [.day, .state], limit: RunCount.mostSteps * RunState.allCases.count)
        return try await stores.statistics.statistics(matching: query).countsByDay
    }

    /// Asks the questions one after the other, so that a page takes one connection for them. Time that one does not need is for the
    /// others.
    func facets(_ plan: FacetPlan) async throws -> FacetCounts {
        let start = now
        var answers: [RunFacets] = []
        func answer(_ query: FacetQuery, left: Int) async throws -> RunFacets {
            var query = query
            query.budget = FacetPlan.budget(of: api.settings.searchTime, after: now - start, left: left)
            return try await stores.lists.facets(matching: query)
        }
        for query in plan.queries { answers.append(try await answer(query, left: plan.queries.count - answers.count + 1)) }
        var counts = plan.counts(answers)
        if let query = plan.lastQuery(counts) {
            counts.worstWorkflow = try await answer(query, left: 1).values[.configuration]?.first?.text
        }
        return counts
    }

    /// Finds names for ids of workflows or principals that have none yet.
    func name(_ ids: [String], of facet: RunFacet, in names: inout FacetNames, tenant: Tenant) async throws {
        let unnamed = ids.filter { names.name(of: $0, facet) == nil }
        guard !unnamed.isEmpty else { return }
        switch facet {
        case .configuration:
            let latest = try await stores.lists.latestRuns(ofEach: unnamed, of: tenant, limit: 1)
            for (id, runs) in latest { names.workflows[id] = runs.first?.run.name }
        case .principal:
            for key in try await stores.keys.keys(of: tenant) where unnamed.containsExactly(key.id) {
                names.principals[key.id] = key.name
            }
        case .state, .type, .attribution, .errorType: break
        }
    }
}
