import Hummingbird
import WorkflowAPI
import WorkflowModel

/// The audit log.
struct AuditRoutes: Sendable {
    let service: APIService

    var routes: [Route] {
        [Route(AuditEndpoints.list) { call in try await list(call) }]
    }

    private func list(_ call: APICall) async throws -> Response {
        let query = try AuditQueryParameters.read(call.parameters, tenant: call.granted().tenant, sealer: service.pageTokens)
        let page = try await service.stores.audit.auditEvents(matching: query)
        let token = page.next.map { service.pageTokens.seal($0, of: query) }
        return .json(page.document(nextToken: token), headers: [.cacheControl: "private, no-store"])
    }
}
