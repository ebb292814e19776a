import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Explains a missing or incomplete response, as a phrase about the server.
enum ConnectionFault {
    /// - Parameter isSecure: whether the URL begins with https.
    static func reason(_ error: any Error, isSecure: Bool) -> String {
        switch error {
        case let error as HTTPReply.Incomplete: incomplete(error, isSecure: isSecure)
        case let error as HTTPClientError: reason(error)
        case let error as NIOConnectionError: reason(error)
        case let error as IOError: reason(error)
        case let error as HTTPParserError: reason(error, isSecure: isSecure)
        case let error as NIOSSLError: reason(error)
        case let error as NIOSSLExtraError: reason(error)
        case let error as BoringSSLError: reason(error)
        default: "the connection failed"
        }
    }

    /// A fault of the proxy, as a phrase about the server.
    /// - Returns: nil for another fault.
    static func reason(_ error: any Error, of proxy: ProxySettings.Proxy) -> String? {
        switch error {
        case let error as HTTPClientError where error == .proxyAuthenticationRequired:
            "the proxy \(proxy.place) does not accept the user and the password"
        case let error as HTTPClientError where error == .invalidProxyResponse: "the proxy \(proxy.place) did not connect to it"
        case let error as HTTPClientError where error == .httpProxyHandshakeTimeout:
            "the proxy \(proxy.place) did not answer in time"
        case is NIOConnectionError, is IOError:
            "the proxy \(proxy.place) cannot be reached: \(reason(error, isSecure: false))"
        default: nil
        }
    }

    /// Whether the server's certificate was rejected.
    static func isAboutCertificate(_ error: any Error) -> Bool {
        String(describing: error).contains("CERTIFICATE_VERIFY_FAILED")
    }

    private static func incomplete(_ error: HTTPReply.Incomplete, isSecure: Bool) -> String {
        let size = error.expected.map { "\(error.received) of \($0) bytes" } ?? "\(error.received) bytes"
        return isClosing(error.cause)
            ? "it closed the connection after \(size) of the body, before the response was complete"
            : "the response ended after \(size) of the body: \(reason(error.cause, isSecure: isSecure))"
    }

    private static func isClosing(_ error: any Error) -> Bool {
        error as? HTTPClientError == .remoteConnectionClosed || error as? HTTPParserError == .invalidEOFState
            || error as? NIOSSLError == .uncleanShutdown
    }

    private static func reason(_ error: HTTPClientError) -> String {
        switch error {
        case .connectTimeout: "it accepted no connection within \(HTTPLimits.connect.components.seconds) seconds"
        case .tlsHandshakeTimeout: "the TLS handshake timed out"
        case .remoteConnectionClosed: "it closed the connection before it responded"
        default: "the request could not be sent"
        }
    }

    private static func reason(_ error: NIOConnectionError) -> String {
        guard let failure = error.connectionErrors.first?.error else { return "the host name is unknown" }
        return switch failure {
        case let error as IOError: reason(error)
        case ChannelError.connectTimeout: "it accepted no connection within \(HTTPLimits.connect.components.seconds) seconds"
        default: "the connection failed"
        }
    }

    private static func reason(_ error: IOError) -> String {
        switch error.errnoCode {
        case ECONNREFUSED: "it refused the connection"
        case ECONNRESET, EPIPE: "it reset the connection"
        case EHOSTUNREACH, ENETUNREACH: "the host is unreachable"
        case ETIMEDOUT: "the connection timed out"
        case EMFILE, ENFILE: "the service has no free file descriptor"
        default: "the connection failed"
        }
    }

    private static func reason(_ error: HTTPParserError, isSecure: Bool) -> String {
        switch error {
        case .invalidEOFState, .closedConnection: "it closed the connection before the response was complete"
        case .headerOverflow: "its response is not valid HTTP: the headers are too long"
        case .invalidHeaderToken: "its response is not valid HTTP: a header contains an invalid character"
        case .invalidContentLength, .unexpectedContentLength:
            "its response is not valid HTTP: Content-Length is not a single number, or Transfer-Encoding is present as well"
        case .invalidChunkSize: "its response is not valid HTTP: the size of a chunk is not a number"
        case .invalidStatus: "its response is not valid HTTP: the status is not a number"
        case .invalidVersion: "its response is not valid HTTP: the version is not HTTP/1"
        default:
            isSecure
                ? "its response is not HTTP"
                : "its response is not HTTP; if this port uses TLS, begin the url with https://"
        }
    }

    private static func reason(_ error: NIOSSLError) -> String {
        switch error {
        case .handshakeFailed(let cause): reason(cause)
        case .uncleanShutdown: "it closed the connection before the response was complete"
        case .noCertificateToValidate: "it has no certificate"
        case .unableToValidateCertificate, .cannotMatchULabel, .cannotFindPeerIP: wrongName
        default: "the TLS connection failed"
        }
    }

    private static func reason(_ error: NIOSSLExtraError) -> String {
        error == .failedToValidateHostname || error == .serverHostnameImpossibleToMatch ? wrongName : "the TLS connection failed"
    }

    private static let wrongName = "its certificate does not match the host name"

    private static func reason(_ error: BoringSSLError) -> String {
        let description = String(describing: error)
        func says(_ words: String...) -> Bool { words.contains { description.contains($0) } }
        if says("CERTIFICATE_VERIFY_FAILED") { return "its certificate is not trusted by the service" }
        if says("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "HTTPS_PROXY_REQUEST") {
            return "it does not use TLS on this port; for a plain connection, begin the url with http://"
        }
        if says("EOF during handshake") { return "it closed the connection during the TLS handshake" }
        if says("UNSUPPORTED_PROTOCOL", "PROTOCOL_VERSION") {
            return "it supports neither TLS 1.2 nor TLS 1.3"
        }
        if says("NO_SHARED_CIPHER", "HANDSHAKE_FAILURE") {
            return "it supports no common TLS cipher, or requires a client certificate"
        }
        if says("UNRECOGNIZED_NAME") { return "it does not recognize the host name" }
        return "the TLS handshake failed"
    }
}
