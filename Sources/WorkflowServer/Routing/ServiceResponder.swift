import HTTPTypes
import Hummingbird
import WorkflowAPI

/// The whole service: the pages at their paths, the API at all others.
struct ServiceResponder: HTTPResponder {
    typealias Context = ServerContext

    let api: APIResponder
    let pages: PageResponder

    func respond(to request: Request, context: ServerContext) async throws -> Response {
        if pages.isResponsible(for: request, besides: api.routes) {
            return try await pages.respond(to: request, from: context.address)
        }
        return try await api.respond(to: request)
    }
}
