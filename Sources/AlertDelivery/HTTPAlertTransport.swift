import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
package import NIOSSL
public import WorkflowModel

/// Calls receivers over HTTP.
///
/// The name is looked up here and every address of it checked; the client is then told which address to connect to, so that a
/// name that means something else a moment later changes nothing. A client of its own for each call keeps receivers apart.
public struct HTTPAlertTransport: AlertTransport {
    private let policy: AddressPolicy
    private let lookup: any AddressLookup
    private let limit: Duration
    private let trust: NIOSSLTrustRoots?

    /// - Parameter limit: how long a call may take from the moment that the address is known.
    public init(policy: AddressPolicy, lookup: any AddressLookup, limit: Duration = AlertLimits.attempt) {
        self.init(policy: policy, lookup: lookup, limit: limit, trust: nil)
    }

    /// - Parameter trust: who is believed to say whose a certificate is; nil for whom the system trusts.
    package init(policy: AddressPolicy, lookup: any AddressLookup, limit: Duration, trust: NIOSSLTrustRoots?) {
        self.policy = policy
        self.lookup = lookup
        self.limit = limit
        self.trust = trust
    }

    public func post(_ body: [UInt8], headers: [(name: String, value: String)], to url: String) async -> AlertOutcome {
        let address: ReceiverURL
        let target: NetworkAddress
        do {
            address = try ReceiverURL(url)
            guard let first = try await policy.checked(address, lookup: lookup).first else {
                return .failed("The host has no address.")
            }
            target = first
        } catch let problem as ReceiverAddressProblem {
            return .failed(problem.message)
        } catch {
            return .failed("The name of the host is not known.")
        }
        var request = HTTPClientRequest(url: address.text)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        request.headers.add(name: "user-agent", value: "weir")
        for header in headers { request.headers.add(name: header.name, value: header.value) }
        request.body = .bytes(ByteBuffer(bytes: body))
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration(for: address, at: target))
        let outcome: AlertOutcome
        do {
            let limit = TimeAmount.milliseconds(limit.milliseconds)
            let response = try await client.execute(request, deadline: .now() + limit)
            // The body is nobody's business here, and is not read.
            outcome = Self.outcome(response.status)
        } catch {
            outcome = .failed(Self.reason(error))
        }
        try? await client.shutdown()
        return outcome
    }

    private func configuration(for address: ReceiverURL, at target: NetworkAddress) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.httpVersion = .http1Only
        configuration.timeout.connect = .milliseconds(min(limit, AlertLimits.connect).milliseconds)
        configuration.connectionPool.retryConnectionEstablishment = false
        if let trust {
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.trustRoots = trust
            configuration.tlsConfiguration = tls
        }
        // What the certificate has to be about stays the name.
        if NetworkAddress(address.host) == nil { configuration.dnsOverride = [address.host: target.description] }
        return configuration
    }

    private static func outcome(_ status: HTTPResponseStatus) -> AlertOutcome {
        // The standard's words, not the receiver's.
        let answer = "It answered \(status.code) \(HTTPResponseStatus(statusCode: Int(status.code)).reasonPhrase)."
        return switch status.code {
        case 200...299: .delivered(answer)
        case 410: .gone(answer)
        case 300...399: .failed("\(answer) Redirections are not followed.")
        default: .failed(answer)
        }
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case is CancellationError: "The service was ended meanwhile."
        case let error as HTTPClientError:
            switch error {
            case .deadlineExceeded, .readTimeout, .connectTimeout, .tlsHandshakeTimeout: "It did not answer in time."
            case .remoteConnectionClosed, .uncleanShutdown: "It closed the connection before it answered."
            case .cancelled: "The service was ended meanwhile."
            default: "It did not keep to HTTP."
            }
        case is NIOConnectionError, is IOError: "A connection could not be made, or was broken off."
        case is NIOSSLExtraError, NIOSSLError.handshakeFailed:
            "Its certificate is not valid for it, or a secure connection could not be made for another reason."
        default: "A secure connection could not be made, or it did not keep to HTTP."
        }
    }
}
