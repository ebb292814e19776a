import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization
import WorkflowAPI
import WorkflowModel

/// Receives the summaries of the sample workflows: `POST /demo/hook` keeps one, `GET /demo/hook` lists the last ones.
///
/// It accepts only summaries with its token, which the sample workflows have as a secret.
final class DemoHook: Sendable {
    static let path = "/demo/hook"
    /// The number of summaries that are kept.
    static let kept = 20
    /// Bytes of a summary at most.
    static let largest = 1 << 20

    /// The name of the secret with its token.
    static let secret = "shop-hook"

    let token: String
    private let summaries = Mutex<[JSONText]>([])

    init(random: some RandomSource) {
        token = random.bytes(24).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    func answer(_ request: Request) async throws -> Response? {
        guard request.uri.path == Self.path else { return nil }
        switch request.method {
        case .post:
            guard request.headers[.authorization] == "Bearer \(token)" else { return Response(status: .unauthorized) }
            let body = Array(try await request.body.collect(upTo: Self.largest).readableBytesView)
            guard let value = JSONValue(json: body) else { return Response(status: .badRequest) }
            summaries.withLock { summaries in
                summaries.append(JSONText(value))
                summaries.removeFirst(max(0, summaries.count - Self.kept))
            }
            return Response(status: .noContent)
        case .get:
            let kept = summaries.withLock { $0 }
            let document = JSONWriter.document { json in
                json.object { json in
                    json.name("data")
                    json.array(of: kept) { json, summary in json.json(summary) }
                }
            }
            return Response(status: .ok, headers: [.contentType: "application/json"], body: .init(byteBuffer: document))
        default: return Response(status: .methodNotAllowed, headers: [.allow: "GET, POST"])
        }
    }
}

/// The service's application with the hook in front of it.
struct HookedApplication<Base: ApplicationProtocol>: ApplicationProtocol {
    let base: Base
    let hook: DemoHook

    var responder: HookedResponder<Base.Responder> {
        get async throws { HookedResponder(base: try await base.responder, hook: hook) }
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

struct HookedResponder<Base: HTTPResponder>: HTTPResponder {
    let base: Base
    let hook: DemoHook

    func respond(to request: Request, context: Base.Context) async throws -> Response {
        if let response = try await hook.answer(request) { return response }
        return try await base.respond(to: request, context: context)
    }
}
