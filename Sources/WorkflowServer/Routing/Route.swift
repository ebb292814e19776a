import HTTPTypes
import Hummingbird
import WorkflowAPI
import WorkflowModel

/// One operation of the API.
struct Route: Routable {
    var method: HTTPRequest.Method
    /// Such as `/api/workflow/runs/{id}`.
    var path: String
    var access: Access
    var handle: @Sendable (APICall) async throws -> Response

    enum Access: Hashable, Sendable {
        /// For everybody, of no tenant, and not limited.
        case open
        /// For keys whose policy includes this one.
        case policy(AccessPolicy)
    }

    init(
        _ method: HTTPRequest.Method, _ path: String, _ access: Access,
        handle: @escaping @Sendable (APICall) async throws -> Response
    ) {
        self.method = method
        self.path = path
        self.access = access
        self.handle = handle
    }
}

/// A request on its way through the server, and what has been found out about it.
struct APICall: Sendable {
    var request: Request
    var requestID: String
    var query: QueryString
    /// What stands for the names in braces in the route's path, unescaped, in their order.
    var pathValues: [String]
    /// Who asks, for which tenant; nil on open routes.
    var grant: AccessGrant?

    var headers: HTTPFields { request.headers }

    /// - Throws: ``APIError`` (401) on an open route, where no handler asks for it.
    func granted() throws(APIError) -> AccessGrant {
        guard let grant else { throw Authenticator.missingCredentials }
        return grant
    }

    /// Reads the body.
    /// - Throws: ``APIError`` (413) when it is longer than `limit` bytes.
    func body(upTo limit: Int) async throws -> ByteBuffer {
        let tooLarge = APIError(.tooLarge, "The body is too large; at most \(limit) bytes are accepted.")
        if let announced = headers[.contentLength].flatMap({ Int($0) }), announced > limit { throw tooLarge }
        var body = ByteBuffer()
        for try await part in request.body {
            guard body.readableBytes + part.readableBytes <= limit else { throw tooLarge }
            body.writeImmutableBuffer(part)
        }
        return body
    }

    /// The media type of the body in lower case, without its parameters.
    var mediaType: String? {
        guard let value = headers[.contentType] else { return nil }
        let type = value.utf8.prefix { $0 != UInt8(ascii: ";") }.filter { $0 != UInt8(ascii: " ") }
        return String(decoding: type, as: UTF8.self).lowercased()
    }
}
