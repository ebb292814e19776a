import Hummingbird
import WorkflowAPI
import WorkflowModel

/// Lists, counts, shows and stops runs.
struct RunRoutes: Sendable {
    let service: APIService

    var routes: [Route] {
        [
            .withUncheckedParameters(RunEndpoints.list) { call in try await list(call) },
            Route(RunEndpoints.facets) { call in try await facets(call) },
            Route(RunEndpoints.statistics) { call in try await statistics(call) },
            Route(RunEndpoints.show) { call in try await show(call) },
            Route(RunEndpoints.stop) { call in try await stop(call) },
            Route(TaskEndpoints.waitReasons) { call in try await waitReasons(call) },
            Route(TaskEndpoints.attempts) { call in try await attempts(call) },
        ]
    }

    private func list(_ call: APICall) async throws -> Response {
        let tenant = try call.granted().tenant
        let answer = try await service.listAnswers.answer(to: call.query, of: tenant, changes: service.stores.lists.changeNumber) {
            let parameters = try WorkflowAPI.Parameters(call.query, of: RunEndpoints.list)
            var request = try RunQueryParameters.read(
                parameters, after: try await service.view(of: parameters, tenant: tenant), tenant: tenant,
                sealer: service.pageTokens, at: service.time.now)
            request.query.limitWork(to: service.settings.searchTime)
            let page = try await service.stores.lists.runs(matching: request.query)
            let token = page.next.map { request.token(for: $0, service.pageTokens) }
            return ListAnswer(
                page, document: TaggedDocument(WorkflowRun.listDocument(page, nextToken: token)),
                isLasting: request.instant == nil)
        }
        var response = Response.tagged(answer.document, for: call)
        for field in answer.limits { response.headers[field.name] = field.value }
        return response
    }

    private func facets(_ call: APICall) async throws -> Response {
        let tenant = try call.granted().tenant
        var query = try FacetQueryParameters.read(
            call.parameters, after: try await service.view(of: call.parameters, tenant: tenant), tenant: tenant,
            at: service.time.now)
        query.budget.time = service.settings.searchTime
        return .json(
            try await service.stores.lists.facets(matching: query).document, headers: [.cacheControl: "private, no-cache"])
    }

    private func statistics(_ call: APICall) async throws -> Response {
        let query = try StatisticsQueryParameters.read(call.parameters, tenant: call.granted().tenant)
        return .json(
            try await service.stores.statistics.statistics(matching: query).document,
            headers: [.cacheControl: "private, no-cache"])
    }

    private func show(_ call: APICall) async throws -> Response {
        let view = try call.parameters[RunEndpoints.view] ?? .overview
        let tenant = try call.granted().tenant
        guard var details = try await service.stores.runs.run(call.runID(), of: tenant) else { throw APICall.noSuchRun }
        if view == .verbose, details.tasks.contains(where: { $0.fan?.counts != nil }) {
            details.items = try await service.stores.tasks.items(
                matching: TaskItemQuery(of: details.run.id, tenant: tenant, limit: FanOutLimits.itemsOfRun))
        }
        if view == .verbose { details.firings = try await service.stores.triggers.shownFirings(after: details.run) }
        return .tagged(details.document(view), for: call)
    }

    private func stop(_ call: APICall) async throws -> Response {
        let request = try StopRequest(body: Array(try await call.body(of: RunEndpoints.stop).readableBytesView))
        let grant = try call.granted()
        let stop = RunStop(requestedAt: service.time.now, requestedBy: grant.key.principal, reason: request.reason)
        let stopped = try await service.stores.runs.stopRun(call.runID(), of: grant.tenant, for: stop)
        guard let details = stopped else {
            throw APICall.noSuchRun
        }
        return .json(details.document(.verbose))
    }

    private func waitReasons(_ call: APICall) async throws -> Response {
        let tenant = try call.granted().tenant
        guard let waitReasons = try await service.stores.runs.waitReasons(of: call.runID(), tenant: tenant, at: service.time.now)
        else {
            throw APICall.noSuchRun
        }
        return .json(waitReasons.document)
    }

    private func attempts(_ call: APICall) async throws -> Response {
        let (id, tenant) = (try call.runID(), try call.granted().tenant)
        let attempts = try await service.stores.tasks.attempts(of: id, tenant: tenant)
        if attempts.isEmpty, try await service.stores.runs.run(id, of: tenant) == nil { throw APICall.noSuchRun }
        return .json(TaskAttemptRecord.listDocument(attempts))
    }
}

extension APIService {
    /// The saved view that a request names; nil when it names none.
    /// - Throws: ``APIError`` (400) when the tenant has no such view.
    func view(of parameters: WorkflowAPI.Parameters, tenant: Tenant) async throws -> SavedView? {
        guard let name = try parameters[RunSearchParameters.view] else { return nil }
        guard NameRule.problem(with: name) == nil, let view = try await stores.views.view(named: name, of: tenant) else {
            throw APIError.invalid("There is no saved view \(name.quoted). \(Paths.views) lists the views.")
        }
        return view
    }
}

extension APICall {
    /// The same answer for a run that does not exist and for another tenant's.
    static let noSuchRun = APIError(.notFound, "There is no run with that id.")

    /// - Throws: ``APIError`` (404) for a text that is not the id of a run.
    func runID() throws(APIError) -> RunID {
        guard let text = pathValues.first, APICall.isPossibleID(text) else { throw Self.noSuchRun }
        return RunID(rawValue: text)
    }

    static func isPossibleID(_ text: String) -> Bool {
        text.utf8.count <= RunID.longestID && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }
}
