import HTTPTypes
import Hummingbird
import WorkflowAPI
import WorkflowModel

/// An endpoint and its handler.
struct Route: Routable {
    typealias Access = Endpoint.Access

    let endpoint: Endpoint
    private let handler: @Sendable (APICall) async throws -> Response
    private let checksParametersFirst: Bool

    init(_ endpoint: Endpoint, handler: @escaping @Sendable (APICall) async throws -> Response) {
        self.init(endpoint, checksParametersFirst: true, handler: handler)
    }

    /// A route whose handler checks the parameters itself, when it finds no cached answer: checking costs more than finding one.
    static func withUncheckedParameters(
        _ endpoint: Endpoint, handler: @escaping @Sendable (APICall) async throws -> Response
    ) -> Route {
        Route(endpoint, checksParametersFirst: false, handler: handler)
    }

    private init(
        _ endpoint: Endpoint, checksParametersFirst: Bool, handler: @escaping @Sendable (APICall) async throws -> Response
    ) {
        self.endpoint = endpoint
        self.checksParametersFirst = checksParametersFirst
        self.handler = handler
    }

    var method: HTTPRequest.Method { endpoint.method }
    var path: String { endpoint.path.text }
    var access: Access { endpoint.access }

    func handle(_ call: APICall) async throws -> Response {
        guard checksParametersFirst else { return try await handler(call) }
        var call = call
        call.parameters = try WorkflowAPI.Parameters(call.query, of: endpoint)
        return try await handler(call)
    }
}

/// A request with the results of the checks that it has passed.
struct APICall: Sendable {
    var request: Request
    var requestID: String
    var query: QueryString
    /// The checked query; empty until the route has checked it.
    var parameters = WorkflowAPI.Parameters()
    /// The values for the names in the route's path, unescaped, in their order.
    var pathValues: [String]
    /// The remote address.
    var address: String?
    /// The version that header and query name.
    var version = RequestedVersion()
    /// The key of the request; nil on open routes.
    var grant: AccessGrant?

    var headers: HTTPFields { request.headers }

    /// Where the request came from, for the audit log.
    /// - Parameter session: names the access token; nil without one.
    func origin(session: String? = nil) -> AuditOrigin {
        AuditOrigin(client: headers[.userAgent], at: address, session: session)
    }

    /// - Throws: ``APIError`` (401) on an open route, where no handler asks for it.
    func granted() throws(APIError) -> AccessGrant {
        guard let grant else { throw Authenticator.missingCredentials }
        return grant
    }

    /// Reads the body.
    /// - Throws: ``APIError`` (413) when it is longer than `limit` bytes.
    func body(upTo limit: Int) async throws -> ByteBuffer {
        let tooLarge = APIError(.tooLarge, "The body is too large. Accepted: at most \(limit) bytes.")
        if let announced = headers[.contentLength].flatMap({ Int($0) }), announced > limit { throw tooLarge }
        var body = ByteBuffer()
        for try await part in request.body {
            guard body.readableBytes + part.readableBytes <= limit else { throw tooLarge }
            body.writeImmutableBuffer(part)
        }
        return body
    }

    /// - Throws: ``APIError`` (413) when the body is longer than the endpoint allows.
    func body(of endpoint: Endpoint) async throws -> ByteBuffer {
        try await body(upTo: endpoint.body?.limit ?? 0)
    }

    /// Reads a JSON body. A missing media type and the defaults of HTTP clients count as JSON too: curl labels `--data` as a form.
    ///
    /// This admits no form of another site, because only bearer tokens authorise a body, never cookies.
    /// - Throws: ``APIError``: 415 for other types, 413 when the body is longer than the endpoint allows.
    func jsonBody(of endpoint: Endpoint) async throws -> [UInt8] {
        switch mediaType {
        case nil, "", "application/json", "text/plain", "application/x-www-form-urlencoded": break
        case let type? where type.hasSuffix("+json"): break
        default: throw APIError(.unsupportedMediaType, "The body has to be JSON (application/json).")
        }
        return Array(try await body(of: endpoint).readableBytesView)
    }

    /// The media type of the body in lower case, without its parameters.
    var mediaType: String? {
        guard let value = headers[.contentType] else { return nil }
        let type = value.utf8.prefix { $0 != UInt8(ascii: ";") }.filter { $0 != UInt8(ascii: " ") }
        return String(decoding: type, as: UTF8.self).lowercased()
    }
}
