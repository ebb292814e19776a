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
    /// Bytes of an answer that are taken at most.
    public static let largestAnswer = 64 << 20

    /// How long connecting may take.
    static let connecting = Duration.seconds(10)

    /// Serves the whole program, and is therefore never shut down. A refused connection is told at once rather than tried
    /// until the request's time is over, and nothing is redirected: credentials go where they were meant to go.
    private static let common: HTTPClient = {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout.connect = TimeAmount(connecting)
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    private let client: HTTPClient

    /// - Parameter client: nil for the one that the whole program shares; whoever made another one shuts it down.
    public init(client: HTTPClient? = nil) {
        self.client = client ?? Self.common
    }

    public func send(_ request: ClientRequest) async throws(ClientError) -> ClientAnswer {
        var outgoing = HTTPClientRequest(url: request.url)
        outgoing.method = HTTPMethod(rawValue: request.method.rawValue)
        for field in request.headers {
            outgoing.headers.add(name: field.name.rawName, value: field.value)
        }
        if let body = request.body { outgoing.body = .bytes(ByteBuffer(bytes: body)) }
        do {
            let response = try await client.execute(outgoing, timeout: TimeAmount(request.timeout))
            let body = try await response.body.collect(upTo: Self.largestAnswer)
            var headers = HTTPFields()
            for (name, value) in response.headers {
                if let name = HTTPField.Name(name) { headers.append(HTTPField(name: name, value: value)) }
            }
            return ClientAnswer(status: Int(response.status.code), headers: headers, body: Array(body.readableBytesView))
        } catch {
            throw Self.clientError(for: error, url: request.url)
        }
    }

    private static func clientError(for error: any Error, url: String) -> ClientError {
        let place = shown(url)
        switch error {
        case let known as HTTPClientError:
            switch known {
            case .invalidURL, .emptyHost, .emptyScheme, .missingSocketPath:
                return ClientError(
                    .invalidAddress, "The address \(place) is not one of a service; accepted is one such as http://127.0.0.1:8080.")
            case .deadlineExceeded, .readTimeout, .writeTimeout, .getConnectionFromPoolTimeout:
                return ClientError(.timedOut, "The service at \(place) did not answer in time.")
            case .connectTimeout:
                return ClientError(.unreachable, "The service at \(place) cannot be reached: connecting took too long.")
            default:
                return ClientError(.unreachable, "The connection to the service at \(place) was lost.")
            }
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

    /// The part of an address that a person gave: without path and query.
    private static func shown(_ url: String) -> String {
        let parts = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        return parts.prefix(3).joined(separator: "/")
    }
}
