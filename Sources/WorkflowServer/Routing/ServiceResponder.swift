import HTTPTypes
import Hummingbird
import WorkflowAPI
import WorkflowModel

/// The whole service: pages at their paths, the API at all others.
struct ServiceResponder: HTTPResponder {
    typealias Context = ServerContext

    let api: APIResponder
    let pages: PageResponder

    func respond(to request: Request, context: ServerContext) async throws -> Response {
        let request = request.continuing(over: context.channel)
        let response = try await StoreWait.$ofThisRequest.withValue(StoreWait()) { try await answer(request, context) }
        return Compression.compressed(response, for: request)
    }

    private func answer(_ request: Request, _ context: ServerContext) async throws -> Response {
        if pages.isResponsible(for: request, besides: api.routes) {
            return try await pages.respond(to: request, from: context.address)
        }
        return try await api.respond(to: request, from: context.address)
    }
}
