import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
package import NIOSSL
public import WorkflowModel

/// Sends messages over HTTP.
///
/// Resolves the host name and refuses the receiver when the policy forbids any of its addresses. The client then connects to the address that was
/// checked, even if the name resolves to another one by then (DNS rebinding). Each message has its own client, so that receivers share no connection.
public struct HTTPAlertTransport: AlertTransport {
    private let policy: AddressPolicy
    private let lookup: any AddressLookup
    private let limit: Duration
    private let trust: NIOSSLTrustRoots?

    /// - Parameter limit: the time for the request, after the host name is resolved.
    public init(policy: AddressPolicy, lookup: any AddressLookup, limit: Duration = AlertLimits.attempt) {
        self.init(policy: policy, lookup: lookup, limit: limit, trust: nil)
    }

    /// - Parameter trust: the trusted certificate authorities; nil for those of the system.
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
                return .failed("The host name has no address.")
            }
            target = first
        } catch let problem as ReceiverAddressProblem {
            return .failed(problem.message)
        } catch {
            return .failed("The host name is unknown.")
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
            // The body may be confidential and is not read.
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
        // Connects to the checked address, while the certificate is verified against the host name.
        if NetworkAddress(address.host) == nil { configuration.dnsOverride = [address.host: target.description] }
        return configuration
    }

    private static func outcome(_ status: HTTPResponseStatus) -> AlertOutcome {
        // The reason phrase of the standard, not the receiver's.
        let answer = "HTTP \(status.code) \(HTTPResponseStatus(statusCode: Int(status.code)).reasonPhrase)."
        return switch status.code {
        case 200...299: .delivered(answer)
        case 410: .gone(answer)
        case 300...399: .failed("\(answer) Redirections are not followed.")
        default: .failed(answer)
        }
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case is CancellationError: "The service is shutting down."
        case let error as HTTPClientError:
            switch error {
            case .deadlineExceeded, .readTimeout, .connectTimeout, .tlsHandshakeTimeout: "The request timed out."
            case .remoteConnectionClosed, .uncleanShutdown: "The receiver closed the connection before it responded."
            case .cancelled: "The service is shutting down."
            default: "The response is not valid HTTP."
            }
        case is NIOConnectionError, is IOError: "The connection failed."
        case is NIOSSLExtraError, NIOSSLError.handshakeFailed:
            "The TLS handshake failed. Check that the certificate is valid for the host name."
        default: "The connection failed, or the response is not valid HTTP."
        }
    }
}
