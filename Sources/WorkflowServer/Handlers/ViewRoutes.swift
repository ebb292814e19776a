import HTTPTypes
import Hummingbird
import WorkflowAPI
import WorkflowModel
import WorkflowOperations

/// Saved views: an addition to the contract.
struct ViewRoutes: Sendable {
    let service: APIService

    var routes: [Route] {
        [
            Route(ViewEndpoints.list) { call in try await list(call) },
            Route(ViewEndpoints.show) { call in try await show(call) },
            Route(ViewEndpoints.save) { call in try await save(call) },
            Route(ViewEndpoints.delete) { call in try await delete(call) },
        ]
    }

    private static func noSuchView(_ name: String) -> APIError {
        APIError(.notFound, "There is no saved view \(name.quoted).")
    }

    private func list(_ call: APICall) async throws -> Response {
        .tagged(SavedView.listDocument(try await service.stores.views.views(of: call.granted().tenant)), for: call)
    }

    private func show(_ call: APICall) async throws -> Response {
        let name = try name(in: call)
        guard let view = try await service.stores.views.view(named: name, of: call.granted().tenant) else {
            throw Self.noSuchView(name)
        }
        return .tagged(view.document, for: call)
    }

    private func save(_ call: APICall) async throws -> Response {
        let grant = try call.granted()
        let request = try ViewRequest(body: try await call.jsonBody(of: ViewEndpoints.save))
        let saved = try await service.views.save(
            request.search, as: call.pathValues.first ?? "", by: grant.key.principal, of: grant.tenant)
        return .json(
            saved.view.document, status: saved.isNew ? .created : .ok,
            headers: saved.isNew ? [.location: Paths.view(saved.view.name)] : [:])
    }

    private func delete(_ call: APICall) async throws -> Response {
        let name = try name(in: call)
        guard try await service.stores.views.deleteView(named: name, of: call.granted().tenant) else {
            throw Self.noSuchView(name)
        }
        return .empty(.noContent)
    }

    private func name(in call: APICall) throws(APIError) -> String {
        let name = call.pathValues.first ?? ""
        guard NameRule.problem(with: name) == nil else { throw Self.noSuchView(name) }
        return name
    }
}
