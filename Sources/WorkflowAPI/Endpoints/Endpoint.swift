public import HTTPTypes
public import WorkflowModel

/// One operation of the API, as the router, the client, the check of parameters and the OpenAPI document read it.
public struct Endpoint: Sendable {
    /// The operation id of the OpenAPI document, such as `listRuns`.
    public let id: String
    public let method: HTTPRequest.Method
    public let path: PathTemplate
    public let access: Access
    public let tag: Tag
    /// One sentence.
    public let summary: String
    /// More than the summary says; without the policy, which ``access`` tells.
    public let details: String?
    /// Of the path, the query and the headers. Parameters of all endpoints are not among them.
    public let parameters: [any RequestParameter]
    /// Those of the query, in the order of their declaration.
    public let query: [any RequestParameter]
    let queryNames: [String]
    /// Whether a parameter of the query that is not in ``parameters`` is refused.
    public let refusesUnknownParameters: Bool
    /// nil when the endpoint reads no body.
    public let body: RequestBody?
    /// The successful responses, and those errors that are described otherwise than all others.
    public let responses: [EndpointResponse]
    /// The errors beside those that follow from ``access``, ``path`` and ``body``.
    public let otherErrors: [APIError.Kind]

    public enum Access: Hashable, Sendable {
        /// Without credentials and tenant; the rate limit does not apply.
        case open
        /// Likewise, but the endpoint itself reads the client id and secret of a key.
        case clientCredentials
        /// For keys whose policy includes this one.
        case policy(AccessPolicy)
    }

    /// The groups of the OpenAPI document.
    public enum Tag: String, CaseIterable, Sendable {
        case runs, views, tasks, configurations, alerts, secrets, access, audit, health
    }

    public init(
        _ id: String, _ method: HTTPRequest.Method, _ path: PathTemplate, _ access: Access, tag: Tag, summary: String,
        details: String? = nil, parameters: [any RequestParameter] = [], refusesUnknownParameters: Bool = true,
        body: RequestBody? = nil, responses: [EndpointResponse], otherErrors: [APIError.Kind] = []
    ) {
        self.id = id
        self.method = method
        self.path = path
        self.access = access
        self.tag = tag
        self.summary = summary
        self.details = details
        self.parameters = parameters
        query = parameters.filter { $0.place == .query }
        queryNames = query.map(\.name)
        self.refusesUnknownParameters = refusesUnknownParameters
        self.body = body
        self.responses = responses
        self.otherErrors = otherErrors
    }

    /// Every endpoint of the API. The server routes exactly these; the OpenAPI document describes exactly these, in this order.
    public static let all =
        RunEndpoints.all + ResolutionEndpoints.all + BulkEndpoints.all + NoteEndpoints.all + SubscriptionEndpoints.all
        + ViewEndpoints.all + TaskEndpoints.all
        + ConfigurationEndpoints.all
        + ScheduleEndpoints.all + TriggerEndpoints.all + PauseEndpoints.all + AlertEndpoints.all
        + SecretEndpoints.all
        + AccessEndpoints.all + AuditEndpoints.all + ServiceEndpoints.all

    /// Every error that the endpoint can answer with.
    public var errors: Set<APIError.Kind> {
        var errors: Set<APIError.Kind> = [.invalid, .headersTooLarge, .failed]
        if case .policy = access { errors.formUnion([.unauthenticated, .forbidden, .rateLimited, .unavailable]) }
        if !path.names.isEmpty { errors.insert(.notFound) }
        if let body {
            errors.insert(.tooLarge)
            if !body.content.isEmpty { errors.insert(body.otherTypeError) }
        }
        return errors.union(otherErrors)
    }
}

/// The body that an endpoint reads.
public struct RequestBody: Sendable {
    /// The accepted media types; empty when a body is allowed and ignored.
    public let content: [MediaContent]
    public let isRequired: Bool
    /// In bytes.
    public let limit: Int
    /// The answer to a body of another media type.
    public let otherTypeError: APIError.Kind

    public init(
        _ content: [MediaContent], isRequired: Bool = true, upTo limit: Int, otherTypeError: APIError.Kind = .unsupportedMediaType
    ) {
        self.content = content
        self.isRequired = isRequired
        self.limit = limit
        self.otherTypeError = otherTypeError
    }

    /// - Parameter schema: the name of a schema.
    public static func json(_ schema: String, isRequired: Bool = true, upTo limit: Int) -> RequestBody {
        RequestBody([.json(schema)], isRequired: isRequired, upTo: limit)
    }

    public static func ignored(upTo limit: Int) -> RequestBody {
        RequestBody([], isRequired: false, upTo: limit)
    }
}
