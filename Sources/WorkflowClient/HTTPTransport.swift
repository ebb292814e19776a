public import AsyncHTTPClient
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The transport over HTTP, and over HTTP in a Unix socket (`http+unix://…`).
public struct HTTPTransport: ClientTransport {
    /// The largest accepted answer, in bytes.
    public static let largestAnswer = 64 << 20

    /// The time limit for connecting.
    static let connecting = Duration.seconds(10)

    /// Shared by the whole program and never shut down. A refused connection fails at once instead of being retried until the timeout.
    /// Redirects are not followed, so that credentials reach no other host.
    private static let common: HTTPClient = {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout.connect = TimeAmount(connecting)
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    private let client: HTTPClient

    /// - Parameter client: nil for the one that the whole program shares. The caller shuts down any other one.
    public init(client: HTTPClient? = nil) {
        self.client = client ?? Self.common
    }

    public func send(_ request: ClientRequest) async throws(ClientError) -> ClientAnswer {
        do {
            let response = try await execute(request)
            let body = try await response.body.collect(upTo: Self.largestAnswer)
            return ClientAnswer(
                status: Int(response.status.code), headers: Self.fields(of: response), body: Array(body.readableBytesView))
        } catch {
            throw Self.clientError(for: error, url: request.url)
        }
    }

    public func stream(_ request: ClientRequest) async throws(ClientError) -> ClientStream {
        let response: HTTPClientResponse
        do {
            response = try await execute(request)
        } catch {
            throw Self.clientError(for: error, url: request.url)
        }
        let body = ClientBytes {
            var pieces = response.body.makeAsyncIterator()
            return { () async throws(ClientError) in
                do {
                    return try await pieces.next().map { Array($0.readableBytesView) }
                } catch {
                    throw Self.clientError(for: error, url: request.url)
                }
            }
        }
        return ClientStream(status: Int(response.status.code), headers: Self.fields(of: response), body: body)
    }

    private func execute(_ request: ClientRequest) async throws -> HTTPClientResponse {
        var outgoing = HTTPClientRequest(url: request.url)
        outgoing.method = HTTPMethod(rawValue: request.method.rawValue)
        for field in request.headers {
            outgoing.headers.add(name: field.name.rawName, value: field.value)
        }
        if let body = request.body { outgoing.body = .bytes(ByteBuffer(bytes: body)) }
        return try await client.execute(outgoing, timeout: TimeAmount(request.timeout))
    }

    private static func fields(of response: HTTPClientResponse) -> HTTPFields {
        var headers = HTTPFields()
        for (name, value) in response.headers {
            if let name = HTTPField.Name(name) { headers.append(HTTPField(name: name, value: value)) }
        }
        return headers
    }

    private static func clientError(for error: any Error, url: String) -> ClientError {
        let place = shown(url)
        switch error {
        case let known as HTTPClientError:
            switch known {
            case .invalidURL, .emptyHost, .emptyScheme, .missingSocketPath:
                return ClientError(
                    .invalidAddress,
                    "The address \(place) is not the address of a service. Accepted: an address such as http://127.0.0.1:8080.")
            case .deadlineExceeded, .readTimeout, .writeTimeout, .getConnectionFromPoolTimeout:
                return ClientError(.timedOut, "The service at \(place) did not answer in time.")
            case .connectTimeout:
                return ClientError(.unreachable, "The service at \(place) cannot be reached: connecting took too long.")
            default:
                return ClientError(.unreachable, "The connection to the service at \(place) was lost.")
            }
        case let error as NIOConnectionError where error.isUnresolved:
            return ClientError(
                .unreachable,
                "The host name \(error.host) cannot be resolved. Check the URL, or use an IP address and "
                    + "name the tenant.")
        case let error as NIOConnectionError:
            let refused = error.connectionErrors.contains { ($0.error as? IOError)?.errnoCode == ECONNREFUSED }
            return ClientError(.unreachable, "No service answers at \(place)" + (refused ? ": the connection was refused." : "."))
        case let error as IOError where error.errnoCode == ECONNREFUSED:
            return ClientError(.unreachable, "No service answers at \(place): the connection was refused.")
        case is NIOTooManyBytesError:
            return ClientError(.unreadable, "The answer of the service at \(place) is too large.")
        default:
            return ClientError(.unreachable, "The service at \(place) cannot be reached.")
        }
    }

    /// The address without path and query, as it was configured.
    private static func shown(_ url: String) -> String {
        let parts = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        return parts.prefix(3).joined(separator: "/")
    }
}

extension NIOConnectionError {
    /// Whether the host name has no address.
    fileprivate var isUnresolved: Bool {
        connectionErrors.isEmpty && dnsAError != nil && dnsAAAAError != nil
    }
}
