import HTTPTypes
import Hummingbird
import NIOCore
import WorkflowAPI
import WorkflowModel

/// Health of the process and its store, and the OpenAPI document.
struct HealthRoutes: Sendable {
    let service: APIService

    var routes: [Route] {
        [
            Route(ServiceEndpoints.health) { _ in Self.ok },
            Route(ServiceEndpoints.readiness) { _ in
                try await service.stores.connection.ping()
                return Self.ok
            },
            Route(ServiceEndpoints.description) { call in .tagged(Self.description, for: call) },
        ]
    }

    private static var ok: Response {
        var response = Response.json(JSONWriter.document { json in json.object { $0.member("status", "ok") } })
        response.headers[.cacheControl] = "no-store"
        return response
    }

    private static let description = ByteBuffer(string: OpenAPIDocument.text)
}
