import HTTPTypes
import Hummingbird
import WorkflowAPI
import WorkflowModel
import WorkflowPages

/// Workflows › Run history.
struct HistoryRoutes: Sendable {
    let service: PageService

    var routes: [PageRoute] {
        [
            PageRoute(.get, PageAddress.history, .policy(.viewer)) { call in try await show(call) },
            PageRoute(.get, PageAddress.history + "/live", .policy(.viewer)) { call in try await follow(call) },
        ]
    }

    private func show(_ call: PageCall) async throws -> Response {
        let visitor = try call.known()
        let address = try Self.read { () throws(AddressProblem) in try HistoryAddress(parameters: call.parameters) }
        // What a form did not fill in has no place in an address that is shared.
        if call.query.pairs.contains(where: { $0.value.isEmpty }) { return .seeOther(address.href) }
        let now = service.now
        var query = RunQuery(
            tenant: visitor.tenant, filter: address.filter(at: now), limit: HistoryPage.length, withTotal: true)
        switch address.place {
        case .newest: break
        case .after(let cursor): query.after = cursor
        case .before(let cursor): query.before = cursor
        }
        let (store, asked) = (service.store, query)
        async let found = store.runs(matching: asked)
        async let types = store.runTypes(of: visitor.tenant, limit: HistoryPage.mostTypes)
        let plan = ChartPlan(address, at: now)
        var counts: [RunCount] = []
        if let plan { counts = try await store.runCounts(matching: plan.filter, of: visitor.tenant, by: plan.step) }
        let page = try await found
        // Whoever goes back beyond the newest run is on the first page.
        if case .before = address.place, page.previous == nil { return .seeOther(Self.newest(address).href) }
        let shown = HistoryPage(page, at: address, types: try await types, chart: plan.map { ($0, counts) }, now: now)
        return .html(service.pages.document(shown, for: visitor))
    }

    private func follow(_ call: PageCall) async throws -> Response {
        let visitor = try call.known()
        let parameters = call.parameters.filter { $0.name != "once" }
        let watch = try Self.read { () throws(AddressProblem) in try HistoryWatch(parameters: parameters) }
        let seen = SeenRegions(lastEventID: call.lastEventID)
        let service = service
        return try await EventStream(service: service).response(to: call) {
            let now = service.now
            let found = try await service.store.runs(withIDs: watch.runs, of: visitor.tenant)
            var newer: Int?
            if let since = watch.since {
                let page = try await service.store.runs(
                    matching: RunQuery(
                        tenant: visitor.tenant, filter: watch.address.filter(at: now), limit: HistoryWatch.mostNewer,
                        before: since))
                newer = page.runs.count + (page.previous == nil ? 0 : 1)
            }
            return seen.step(to: watch.look(found, newer: newer, with: service.pages, at: now))
        }
    }

    private static func newest(_ address: HistoryAddress) -> HistoryAddress {
        var address = address
        address.place = .newest
        return address
    }

    private static func read<Value>(_ body: () throws(AddressProblem) -> Value) throws(APIError) -> Value {
        do {
            return try body()
        } catch {
            throw .invalid(error.message)
        }
    }
}
