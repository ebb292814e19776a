import HTTPTypes
import Hummingbird
import NIOCore
import WorkflowAPI
import WorkflowModel

/// Whether the process and its store are well, and what the API is.
struct HealthRoutes: Sendable {
    let service: APIService

    var routes: [Route] {
        [
            Route(.get, Paths.health, .open) { call in
                _ = try Parameters(call.query, accepting: [])
                return Self.ok
            },
            Route(.get, Paths.readiness, .open) { call in
                _ = try Parameters(call.query, accepting: [])
                try await service.store.ping()
                return Self.ok
            },
            Route(.get, Paths.description, .open) { call in
                _ = try Parameters(call.query, accepting: [])
                return .tagged(Self.description, for: call)
            },
        ]
    }

    private static var ok: Response {
        var response = Response.json(JSONWriter.document { json in json.object { $0.member("status", "ok") } })
        response.headers[.cacheControl] = "no-store"
        return response
    }

    private static let description = ByteBuffer(string: OpenAPIDocument.text)
}
