import HTTPTypes
public import Hummingbird
import HummingbirdTLS
import Logging
import NIOCore

/// A request that a ``LoopbackServer`` has received.
public struct ReceivedRequest: Sendable {
    public var method: String
    public var path: String
    /// By canonical name.
    public var headers: [String: String]
    public var body: String
}

/// A real HTTP server on the loopback interface during a test.
public enum LoopbackServer {
    /// - Parameters:
    ///   - certificate: nil for a server without TLS.
    ///   - answer: makes the response.
    ///   - test: receives the server's port.
    public static func open(
        with certificate: TestCertificate? = nil, _ answer: @escaping @Sendable (ReceivedRequest) async throws -> Response,
        test: @escaping @Sendable (Int) async throws -> Void
    ) async throws {
        let (ports, port) = AsyncStream<Int>.makeStream()
        let application = Application(
            responder: CallbackResponder { (request: Request, _: BasicRequestContext) in
                let body = try await request.body.collect(upTo: 1 << 20)
                let headers = request.headers.map { ($0.name.canonicalName, $0.value) }
                return try await answer(
                    ReceivedRequest(
                        method: request.method.rawValue, path: request.uri.string,
                        headers: Dictionary(headers, uniquingKeysWith: { $1 }), body: String(buffer: body)))
            },
            server: try certificate.map { try .tls(tlsConfiguration: $0.serverConfiguration()) } ?? .http1(),
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in port.yield(channel.localAddress?.port ?? 0) },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            for await port in ports {
                try await test(port)
                break
            }
            group.cancelAll()
        }
    }
}
