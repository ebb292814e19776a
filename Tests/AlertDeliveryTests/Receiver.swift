import AlertDelivery
import HTTPTypes
import Hummingbird
import HummingbirdTLS
import Logging
import NIOCore
import NIOSSL
import Synchronization
import WorkflowModel

/// What a receiver was sent.
struct Sent: Sendable {
    var path: String
    var headers: [String: String]
    var body: String
}

/// A real HTTP server on the loopback interface, for as long as a test takes.
enum Receiver {
    /// - Parameters:
    ///   - certificate: nil for a server without TLS.
    ///   - test: gets the address that it listens on.
    static func open(
        with certificate: TestCertificate? = nil,
        _ answer: @escaping @Sendable (Sent) async throws -> HTTPResponse.Status,
        test: @escaping @Sendable (String) async throws -> Void
    ) async throws {
        let (ports, port) = AsyncStream<Int>.makeStream()
        let application = Application(
            responder: CallbackResponder { (request: Request, _: BasicRequestContext) in
                let body = try await request.body.collect(upTo: 1 << 20)
                let headers = request.headers.map { ($0.name.canonicalName, $0.value) }
                let status = try await answer(
                    Sent(
                        path: request.uri.string, headers: Dictionary(headers, uniquingKeysWith: { $1 }),
                        body: String(buffer: body)))
                var response = Response(status: status, body: .init(byteBuffer: ByteBuffer(string: "never read")))
                if status.code == 302 { response.headers[.location] = "/elsewhere" }
                return response
            },
            server: try certificate.map { try .tls(tlsConfiguration: $0.serverConfiguration()) } ?? .http1(),
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in port.yield(channel.localAddress?.port ?? 0) },
            logger: Logger(label: "receiver") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            for await port in ports {
                try await test("\(certificate == nil ? "http" : "https")://127.0.0.1:\(port)")
                break
            }
            group.cancelAll()
        }
    }
}

/// Knows the names that a test gives it.
struct Names: AddressLookup {
    var known: [String: [String]] = [:]

    func addresses(of host: String) async throws -> [NetworkAddress] {
        guard let known = known[host] else { throw UnknownHost() }
        return known.compactMap { NetworkAddress($0) }
    }
}

extension HTTPAlertTransport {
    /// One that may call this machine.
    static func toThisMachine(
        names: Names = Names(), limit: Duration = .seconds(30), trusting authority: TestAuthority? = nil
    ) throws -> HTTPAlertTransport {
        HTTPAlertTransport(
            policy: AddressPolicy(allowed: AddressRange.everything), lookup: names, limit: limit,
            trust: try authority?.trustRoots())
    }
}
