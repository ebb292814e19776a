import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOEmbedded
import SQLiteStore
import WorkflowAPI
import WorkflowModel
import WorkflowServer

/// The application over its own store, called without a network.
struct ServiceInMemory: Sendable {
    let hot: HotStore
    /// More valid tokens than the cache of verified tokens holds.
    private(set) var tokens: [String] = []
    private let respond: @Sendable (Request) async throws -> Response

    static func start() async throws -> ServiceInMemory {
        let hot = try await HotStore.open()
        let (key, secret) = NewAPIKey.make(
            tenant: HotStore.tenant, name: "Bench", policy: .admin, at: SystemTime().now, random: SystemRandom())
        try await hot.store.createKey(key)
        var logger = Logger(label: "hot-pieces")
        logger.logLevel = .critical
        let application = try await buildApplication(
            ServerDependencies(
                store: hot.store, time: SystemTime(), random: SystemRandom(), zones: SystemScheduleZones(),
                settings: ServerSettings(rateLimit: 0), logger: logger),
            address: ServerAddress(host: "127.0.0.1", port: 0))
        var service = ServiceInMemory(hot: hot, respond: try await responder(of: application, logger: logger))
        let form = "grant_type=client_credentials&client_id=\(key.id)&client_secret=\(secret)"
        for _ in 0..<1_100 {
            let asked = request(.post, Paths.token, [.contentType: "application/x-www-form-urlencoded"], form)
            let answer = try await service.answer(asked)
            service.tokens.append(try JSONDecoder().decode(Granted.self, from: Data(answer.readableBytesView)).token)
        }
        return service
    }

    private struct Granted: Decodable {
        var token: String

        enum CodingKeys: String, CodingKey {
            case token = "access_token"
        }
    }

    private static func responder<Application: ApplicationProtocol>(
        of application: Application, logger: Logger
    ) async throws -> @Sendable (Request) async throws -> Response {
        let responder = try await application.responder
        return { request in
            let source = ApplicationRequestContextSource(channel: NIOAsyncTestingChannel(), logger: logger)
            return try await responder.respond(to: request, context: Application.Context(source: source))
        }
    }

    private static func request(
        _ method: HTTPRequest.Method, _ path: String, _ headers: HTTPFields, _ body: String = ""
    ) -> Request {
        var headers = headers
        if !body.isEmpty { headers[.contentLength] = "\(body.utf8.count)" }
        return Request(
            head: HTTPRequest(method: method, scheme: "http", authority: "localhost", path: path, headerFields: headers),
            body: RequestBody(buffer: ByteBuffer(string: body)))
    }

    func get(_ query: String, token: String) -> Request {
        Self.request(.get, "\(Paths.runs)?\(query)", Self.headers(token))
    }

    func post(_ body: String, token: String) -> Request {
        var headers = Self.headers(token)
        headers[.contentType] = "application/json"
        return Self.request(.post, Paths.runs, headers, body)
    }

    private static func headers(_ token: String) -> HTTPFields {
        var headers: HTTPFields = [.authorization: "Bearer \(token)"]
        if let name = HTTPField.Name("amperity-tenant") { headers[name] = HotStore.tenant.name }
        return headers
    }

    func answer(_ request: Request, expecting status: HTTPResponse.Status = .ok) async throws -> ByteBuffer {
        let response = try await respond(request)
        let body = Collected()
        try await response.body.write(body)
        guard response.status == status else { throw WrongAnswer(text: String(buffer: body.bytes)) }
        return body.bytes
    }

    private struct WrongAnswer: Error {
        var text: String
    }
}

/// Collects the body of a response.
private final class Collected: ResponseBodyWriter {
    private(set) var bytes = ByteBuffer()

    func write(_ buffer: ByteBuffer) async throws {
        bytes.writeImmutableBuffer(buffer)
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
