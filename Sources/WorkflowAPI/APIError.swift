public import HTTPTypes
public import NIOCore

/// An answer that is an error. ``Kind`` is the one table of errors and statuses, for server and client.
public struct APIError: Error, Hashable, Sendable {
    public enum Kind: Int, CaseIterable, Sendable {
        /// A parameter or the body is missing or invalid, or the version is not supported.
        case invalid = 400
        /// The credentials are missing, wrong or expired.
        case unauthenticated = 401
        /// The key lacks the policy, or belongs to another tenant.
        case forbidden = 403
        case notFound = 404
        case methodNotAllowed = 405
        /// None of the media types that the client accepts is one of the answer.
        case notAcceptable = 406
        /// The request conflicts with the present state. With `Retry-After` the conflict is temporary.
        case conflict = 409
        case tooLarge = 413
        case unsupportedMediaType = 415
        /// An idempotency key was used for another request.
        case keyMismatch = 422
        case rateLimited = 429
        case headersTooLarge = 431
        /// The service failed to handle the request.
        case failed = 500
        /// The store or the service is unavailable.
        case unavailable = 503

        /// The kind nearest to a status; nil for a status that is not an error.
        public init?(status: Int) {
            switch status {
            case 400..<500: self = Kind(rawValue: status) ?? .invalid
            case 500..<600: self = Kind(rawValue: status) ?? .failed
            default: return nil
            }
        }
    }

    public var kind: Kind
    /// For a person: what is wrong, then what to do. Nothing internal.
    public var message: String
    /// Headers of the answer, such as `Allow`.
    public var headers: HTTPFields
    /// nil on the server, which adds it to the answer.
    public var requestID: String?

    public init(_ kind: Kind, _ message: String, headers: HTTPFields = [:], requestID: String? = nil) {
        self.kind = kind
        self.message = message
        self.headers = headers
        self.requestID = requestID
    }

    public static func invalid(_ message: String) -> APIError {
        APIError(.invalid, message)
    }

    /// The refusal of a body.
    init(body problem: JSONProblem) {
        self = .invalid(problem.path.isEmpty ? "The body \(problem.message)." : "The body's \(problem.path) \(problem.message).")
    }

    public var status: HTTPResponse.Status { .init(code: kind.rawValue) }

    /// Whether the cause is temporary: the answer says when to try again.
    public var isPassing: Bool { headers[.retryAfter] != nil }

    /// The body: `{"status": 400, "message": "…", "request_id": "…"}`.
    public func document(requestID: String, traceID: String? = nil) -> ByteBuffer {
        JSONWriter.document(capacity: 128 + message.utf8.count) { json in
            json.object { json in
                json.member("status", kind.rawValue)
                json.member("message", message)
                json.member("request_id", requestID)
                json.member("trace_id", traceID)
            }
        }
    }

    /// Reads the error of an answer. The answer of a proxy has no such body, but its status still tells the kind.
    /// - Returns: nil for a status that is not an error.
    public init?(status: Int, body bytes: [UInt8], headers: HTTPFields = [:]) {
        guard let kind = Kind(status: status) else { return nil }
        var message: String?
        var requestID: String?
        try? JSONReader.read(bytes) { reader in
            try reader.object { reader, name in
                switch name {
                case "message": message = try reader.string()
                case "request_id": requestID = try reader.string()
                default: try reader.skip()
                }
            }
        }
        self.init(kind, message ?? "The server answered with status \(status).", headers: headers, requestID: requestID)
    }
}
