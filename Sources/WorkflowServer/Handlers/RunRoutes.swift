import Hummingbird
import WorkflowAPI
import WorkflowModel

/// Reading and stopping runs.
struct RunRoutes: Sendable {
    let service: APIService

    var routes: [Route] {
        [
            Route(.get, Paths.runs, .policy(.viewer)) { call in try await list(call) },
            Route(.get, Paths.runs + "/{id}", .policy(.viewer)) { call in try await show(call) },
            Route(.post, Paths.runs + "/{id}/stop", .policy(.operator)) { call in try await stop(call) },
            Route(.get, Paths.runs + "/{id}/why", .policy(.viewer)) { call in try await why(call) },
            Route(.get, Paths.runs + "/{id}/attempts", .policy(.viewer)) { call in try await attempts(call) },
        ]
    }

    private func list(_ call: APICall) async throws -> Response {
        let tenant = try call.granted().tenant
        let answer = try await service.listAnswers.answer(to: call.query, of: tenant, changes: service.store.changeNumber) {
            let query = try RunQueryParameters.read(call.query, tenant: tenant, sealer: service.pageTokens)
            let page = try await service.store.runs(matching: query)
            let token = page.next.map { service.pageTokens.seal($0, filter: query.filter, tenant: tenant) }
            return TaggedDocument(WorkflowRun.listDocument(page, nextToken: token))
        }
        return .tagged(answer, for: call)
    }

    private func show(_ call: APICall) async throws -> Response {
        let parameters = try Parameters(call.query, accepting: ["view"])
        var view = RunView.overview
        if let name = parameters["view"] {
            guard let named = RunView(rawValue: name) else {
                throw APIError.invalid("view is not one that there is; accepted are overview and verbose.")
            }
            view = named
        }
        guard let details = try await service.store.run(call.runID(), of: call.granted().tenant) else { throw APICall.noSuchRun }
        return .tagged(details.document(view), for: call)
    }

    private func stop(_ call: APICall) async throws -> Response {
        _ = try Parameters(call.query, accepting: [])
        _ = try await call.body(upTo: Limits.stopBody)
        let tenant = try call.granted().tenant
        guard let details = try await service.store.stopRun(call.runID(), of: tenant, at: service.time.now) else {
            throw APICall.noSuchRun
        }
        return .json(details.document(.verbose))
    }

    private func why(_ call: APICall) async throws -> Response {
        _ = try Parameters(call.query, accepting: [])
        let tenant = try call.granted().tenant
        guard let standing = try await service.store.standing(of: call.runID(), tenant: tenant, at: service.time.now) else {
            throw APICall.noSuchRun
        }
        return .json(standing.document)
    }

    private func attempts(_ call: APICall) async throws -> Response {
        _ = try Parameters(call.query, accepting: [])
        let (id, tenant) = (try call.runID(), try call.granted().tenant)
        let attempts = try await service.store.attempts(of: id, tenant: tenant)
        if attempts.isEmpty, try await service.store.run(id, of: tenant) == nil { throw APICall.noSuchRun }
        return .json(TaskAttemptRecord.listDocument(attempts))
    }
}

extension APICall {
    /// The same answer for a run that is not there and for another tenant's.
    static let noSuchRun = APIError(.notFound, "There is no run with that id.")

    /// - Throws: ``APIError`` (404) for what no run can have for an id.
    func runID() throws(APIError) -> RunID {
        guard let text = pathValues.first, APICall.isPossibleID(text) else { throw Self.noSuchRun }
        return RunID(rawValue: text)
    }

    static func isPossibleID(_ text: String) -> Bool {
        text.utf8.count <= RunID.longestID && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }
}
