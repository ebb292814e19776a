import AlertDelivery
import HTTPTestKit
import HTTPTypes
import Hummingbird
import NIOCore
import WorkflowModel

/// A receiver of alerts: an HTTP server on the loopback interface.
enum Receiver {
    /// - Parameters:
    ///   - certificate: nil for a server without TLS.
    ///   - answer: the status of the response.
    ///   - test: receives the server's URL.
    static func open(
        with certificate: TestCertificate? = nil,
        _ answer: @escaping @Sendable (ReceivedRequest) async throws -> HTTPResponse.Status,
        test: @escaping @Sendable (String) async throws -> Void
    ) async throws {
        try await LoopbackServer.open(with: certificate) { request in
            var response = Response(
                status: try await answer(request), body: .init(byteBuffer: ByteBuffer(string: "never read")))
            if response.status.code == 302 { response.headers[.location] = "/elsewhere" }
            return response
        } test: { port in
            try await test("\(certificate == nil ? "http" : "https")://127.0.0.1:\(port)")
        }
    }
}

/// Resolves the names that a test defines.
struct Names: AddressLookup {
    var known: [String: [String]] = [:]

    func addresses(of host: String) async throws -> [NetworkAddress] {
        guard let known = known[host] else { throw UnknownHost() }
        return known.compactMap { NetworkAddress($0) }
    }
}

extension HTTPAlertTransport {
    /// A transport that may connect to this machine.
    static func toThisMachine(
        names: Names = Names(), limit: Duration = .seconds(30), trusting authority: TestAuthority? = nil
    ) throws -> HTTPAlertTransport {
        HTTPAlertTransport(
            policy: AddressPolicy(allowed: AddressRange.everything), lookup: names, limit: limit,
            trust: try authority?.trustRoots())
    }
}
