/// One response of an endpoint.
public struct EndpointResponse: Sendable {
    public let status: Int
    public let description: String
    /// The media types that the response may have; empty for one without a body.
    public let content: [MediaContent]
    /// Beside those that every response has.
    public let headers: [ResponseHeader]

    public init(_ status: Int, _ description: String, _ content: [MediaContent] = [], headers: [ResponseHeader] = []) {
        self.status = status
        self.description = description
        self.content = content
        self.headers = headers
    }

    /// - Parameter schema: the name of a schema.
    public static func json(
        _ description: String, _ schema: String, status: Int = 200, headers: [ResponseHeader] = []
    ) -> EndpointResponse {
        EndpointResponse(status, description, [.json(schema)], headers: headers)
    }

    /// 201 with a `Location`.
    public static func created(_ description: String, _ schema: String, headers: [ResponseHeader] = []) -> EndpointResponse {
        .json(description, schema, status: 201, headers: [.location] + headers)
    }
}

/// A media type and the form of what it carries.
public struct MediaContent: Sendable {
    public enum Form: Sendable {
        /// Any of these schemas, by name.
        case schemas([String])
        /// A text without a schema.
        case text
        /// A JSON object without a schema.
        case object
    }

    public let type: String
    public let form: Form

    public init(_ type: String, _ form: Form) {
        self.type = type
        self.form = form
    }

    public static func json(_ schemas: String...) -> MediaContent {
        MediaContent("application/json", .schemas(schemas))
    }
}

/// A header of a response that the OpenAPI document describes.
public enum ResponseHeader: String, CaseIterable, Sendable {
    case requestID = "Request-Id"
    case version = "api-version"
    case rateLimitPolicy = "RateLimit-Policy"
    case rateLimit = "RateLimit"
    case entityTag = "ETag"
    case location = "Location"
    case retryAfter = "Retry-After"
    case challenge = "WWW-Authenticate"
    case allow = "Allow"
    case cacheControl = "Cache-Control"
    case totalCounted = "weir-total-counted"
    case searchedTo = "weir-searched-to"
    case contentDisposition = "Content-Disposition"
    case outputAttempt = "Weir-Output-Attempt"
    case outputFrom = "Weir-Output-From"
    case outputNext = "Weir-Output-Next"
    case outputLast = "Weir-Output-Last"
}
