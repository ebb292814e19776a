public import HTTPTypes
public import NIOCore

/// An answer that is an error. ``Kind`` is the one table of errors and statuses: the server writes from it, the client reads by it.
public struct APIError: Error, Hashable, Sendable {
    public enum Kind: Int, CaseIterable, Sendable {
        /// A parameter or the body is missing or invalid, or the version is not supported.
        case invalid = 400
        /// No, bad or expired credentials.
        case unauthenticated = 401
        /// Good credentials without the right.
        case forbidden = 403
        case notFound = 404
        case methodNotAllowed = 405
        /// It conflicts with the present state; with `Retry-After` when that passes by itself.
        case conflict = 409
        case tooLarge = 413
        case unsupportedMediaType = 415
        /// An idempotency key was used for another request.
        case keyMismatch = 422
        case rateLimited = 429
        case headersTooLarge = 431
        /// The service's own fault.
        case failed = 500
        /// The store or the service is unavailable.
        case unavailable = 503

        /// The kind that an answer of that status is nearest to; nil for a status that is no error.
        public init?(status: Int) {
            switch status {
            case 400..<500: self = Kind(rawValue: status) ?? .invalid
            case 500..<600: self = Kind(rawValue: status) ?? .failed
            default: return nil
            }
        }
    }

    public var kind: Kind
    /// For a person: what was wrong and what is accepted. Nothing internal.
    public var message: String
    /// What the answer carries beside its body, such as `Allow`.
    public var headers: HTTPFields
    /// Known where the error came as an answer.
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

    public var status: HTTPResponse.Status { .init(code: kind.rawValue) }

    /// Whether the answer says when to ask again: what it is about passes by itself.
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

    /// The error that an answer says.
    ///
    /// An answer of another maker, such as a proxy's, has no body of ours: its status still tells the kind.
    /// - Returns: nil for a status that is no error.
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
