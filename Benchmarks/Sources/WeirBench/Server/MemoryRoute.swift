import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization

/// A route that responds from memory: the upper limit of the server for a page without cost.
///
/// It precedes the service's own application, in this program only. `PUT` sets the bytes; `GET` returns them with the headers of a
/// page.
final class MemoryRoute: Sendable {
    static let path = "/bench/memory"
    private static let largest = 1 << 20

    private let kept = Mutex(ByteBuffer())

    func answer(_ request: Request) async throws -> Response? {
        guard request.uri.path == Self.path else { return nil }
        if request.method == .put {
            let body = try await request.body.collect(upTo: Self.largest)
            kept.withLock { $0 = body }
            return Response(status: .noContent)
        }
        let body = kept.withLock { $0 }
        return Response(
            status: .ok,
            headers: [
                .contentType: "application/json", .eTag: "\"0123456789abcdef012345\"", .cacheControl: "private, no-cache",
                .xContentTypeOptions: "nosniff",
            ],
            body: ResponseBody(byteBuffer: body))
    }
}

/// The service's application, preceded by that route.
struct ApplicationWithMemoryRoute<Base: ApplicationProtocol>: ApplicationProtocol {
    let base: Base
    let route: MemoryRoute

    var responder: ResponderWithMemoryRoute<Base.Responder> {
        get async throws { ResponderWithMemoryRoute(base: try await base.responder, route: route) }
    }

    var server: HTTPServerBuilder { base.server }
    var eventLoopGroup: any EventLoopGroup { base.eventLoopGroup }
    var configuration: ApplicationConfiguration { base.configuration }
    var logger: Logger { base.logger }
    var services: [any Service] { base.services }
    var processesRunBeforeServerStart: [@Sendable () async throws -> Void] { base.processesRunBeforeServerStart }

    @Sendable func onServerRunning(_ channel: any Channel) async {
        await base.onServerRunning(channel)
    }
}

struct ResponderWithMemoryRoute<Base: HTTPResponder>: HTTPResponder {
    let base: Base
    let route: MemoryRoute

    func respond(to request: Request, context: Base.Context) async throws -> Response {
        if let response = try await route.answer(request) { return response }
        return try await base.respond(to: request, context: context)
    }
}
