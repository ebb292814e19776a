import Hummingbird
import WorkflowAPI
import WorkflowModel
import WorkflowOperations

/// Pauses and resumes workflows: an addition to the contract.
struct PauseRoutes: Sendable {
    let service: APIService

    var routes: [Route] {
        [
            Route(PauseEndpoints.pause) { call in try await pause(call) },
            Route(PauseEndpoints.resume) { call in try await resume(call) },
        ]
    }

    private func pause(_ call: APICall) async throws -> Response {
        let grant = try call.granted()
        let id = try call.configurationID()
        let request = try PauseRequest(body: try await call.jsonBody(of: PauseEndpoints.pause))
        let pause = try await service.pauses.pause(id, of: grant.tenant, for: request, by: grant.key.principal)
        guard let pause else { throw APIError.noSuchConfiguration }
        return try await configuration(id, of: grant.tenant, pause: pause)
    }

    private func resume(_ call: APICall) async throws -> Response {
        let tenant = try call.granted().tenant
        let id = try call.configurationID()
        guard try await service.pauses.resume(id, of: tenant) else { throw APIError.noSuchConfiguration }
        return try await configuration(id, of: tenant, pause: nil)
    }

    /// A configuration that was deleted right after the change is not found.
    private func configuration(_ id: String, of tenant: Tenant, pause: WorkflowPause?) async throws -> Response {
        guard let version = try await service.stores.configurations.configuration(id, of: tenant) else {
            throw APIError.noSuchConfiguration
        }
        return .json(version.document(labels: service.configurations.labels(of: version), pause: pause))
    }
}
