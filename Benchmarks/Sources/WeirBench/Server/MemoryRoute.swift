import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization

/// A route that answers bytes from memory: the most that the same server could reach with a page that costs nothing.
///
/// It stands in front of the service's own application, in this program only; `weir serve` has nothing like it.
/// `PUT` sets the bytes, `GET` answers them with the headers that a page has.
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

/// The service's application with that route in front of it.
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
