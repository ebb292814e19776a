import HTTPTypes
import Hummingbird
import WorkflowAPI
import WorkflowModel
import WorkflowOperations

/// Secrets: an addition to the contract.
struct SecretRoutes: Sendable {
    let service: APIService

    var routes: [Route] {
        [
            Route(SecretEndpoints.list) { call in try await list(call) },
            Route(SecretEndpoints.set) { call in try await set(call) },
            Route(SecretEndpoints.delete) { call in try await delete(call) },
        ]
    }

    private func list(_ call: APICall) async throws -> Response {
        .tagged(TenantSecret.listDocument(try await service.stores.secrets.secrets(of: call.granted().tenant)), for: call)
    }

    private func set(_ call: APICall) async throws -> Response {
        let grant = try call.granted()
        let request = try SecretRequest(body: try await call.jsonBody(of: SecretEndpoints.set))
        let secret = try await service.secrets.set(
            request.value, as: call.pathValues.first ?? "", by: grant.key.principal, of: grant.tenant)
        let isNew = secret.version == 1
        return .json(
            secret.document, status: isNew ? .created : .ok,
            headers: isNew ? [.location: Paths.secret(secret.name)] : [:])
    }

    private func delete(_ call: APICall) async throws -> Response {
        guard let name = call.pathValues.first, SecretRule.accepts(name: name),
            try await service.stores.secrets.deleteSecret(named: name, of: call.granted().tenant)
        else { throw APIError(.notFound, "There is no secret with that name.") }
        return .empty(.noContent)
    }
}
