import WorkflowModel

extension Endpoint {
    /// The endpoint as an operation of the OpenAPI document.
    var operation: JSONValue {
        var operation: JSONMembers = [
            "operationId": .string(id), "summary": .string(summary), "tags": .array([.string(tag.rawValue)]),
        ]
        if let description { operation.add("description", .string(description)) }
        if let security { operation.add("security", .array(security)) }
        operation.add("parameters", .array(commonParameters + parameters.map(\.described)))
        if let body, !body.content.isEmpty { operation.add("requestBody", body.described) }
        operation.add("responses", .object(describedResponses))
        return .object(operation)
    }

    private var description: String? {
        var sentences: [String] = []
        if case .policy(let policy) = access, policy != .viewer { sentences.append("Needs the policy \(policy.acceptedNames).") }
        if let details { sentences.append(details) }
        return sentences.isEmpty ? nil : sentences.joined(separator: " ")
    }

    /// nil for the access token that the whole document asks for.
    private var security: [JSONValue]? {
        switch access {
        case .open: []
        case .clientCredentials: [.object(["clientBasic": .array([])]), .object([:])]
        case .policy: nil
        }
    }

    private var commonParameters: [JSONValue] {
        var names = ["Version", "RequestID"]
        if case .policy = access { names.insert("Tenant", at: 0) }
        return names.map { .reference("parameters", $0) }
    }

    private var describedResponses: JSONMembers {
        var described: [(status: Int, response: JSONValue)] = responses.map { ($0.status, $0.described(of: access)) }
        if parameters.contains(where: { $0.name == HeaderParameter.ifNoneMatch.name }) {
            described.append((304, .object(["description": .string("The response that the client has is still current.")])))
        }
        for error in errors where !responses.contains(where: { $0.status == error.rawValue }) {
            described.append((error.rawValue, .reference("responses", "\(error)")))
        }
        return JSONMembers(described.sorted { $0.status < $1.status }.map { (String($0.status), $0.response) })
    }
}

extension RequestParameter {
    fileprivate var described: JSONValue {
        var members: JSONMembers = ["name": .string(name), "in": .string(place.rawValue)]
        if place == .path { members.add("required", .bool(true)) }
        members.add("schema", schema)
        members.add("description", .string(description))
        return .object(members)
    }
}

extension RequestBody {
    fileprivate var described: JSONValue {
        var members: JSONMembers = [:]
        if isRequired { members.add("required", .bool(true)) }
        members.add("content", content.described)
        return .object(members)
    }
}

extension EndpointResponse {
    fileprivate func described(of access: Endpoint.Access) -> JSONValue {
        var names = headers
        if case .policy = access, status < 400 { names += [.requestID, .version, .rateLimitPolicy, .rateLimit] }
        var members: JSONMembers = ["description": .string(description)]
        if !names.isEmpty { members.add("headers", names.described) }
        if !content.isEmpty { members.add("content", content.described) }
        return .object(members)
    }
}

extension [ResponseHeader] {
    fileprivate var described: JSONValue {
        .object(JSONMembers(map { ($0.rawValue, .reference("headers", $0.rawValue)) }))
    }
}

extension [MediaContent] {
    fileprivate var described: JSONValue {
        .object(JSONMembers(map { ($0.type, .object(["schema": $0.form.schema])) }))
    }
}

extension MediaContent.Form {
    fileprivate var schema: JSONValue {
        switch self {
        case .text: .object(["type": .string("string")])
        case .object: .object(["type": .string("object")])
        case .schemas(let names) where names.count == 1: .reference("schemas", names[0])
        case .schemas(let names): .object(["anyOf": .array(names.map { .reference("schemas", $0) })])
        }
    }
}

extension APIError.Kind {
    /// The error as a response of the OpenAPI document.
    var response: JSONValue {
        let headers: [ResponseHeader] =
            switch self {
            case .unauthenticated, .forbidden: [.challenge]
            case .rateLimited, .unavailable: [.retryAfter]
            case .methodNotAllowed: [.allow]
            default: []
            }
        return .object([
            "description": .string(summary), "headers": (headers + [.requestID]).described,
            "content": [MediaContent.json("Error")].described,
        ])
    }

    private var summary: String {
        switch self {
        case .invalid: "A parameter or the body is missing or invalid, or the version is not supported."
        case .unauthenticated: "The credentials are missing, wrong or expired."
        case .forbidden: "The key lacks the policy, or belongs to another tenant."
        case .notFound: "The resource does not exist."
        case .methodNotAllowed: "The path does not take this method."
        case .notAcceptable: "The answer has none of the media types that the header Accept names."
        case .conflict:
            "The request conflicts with the present state, or with another one under the same Idempotency-Key. With Retry-After the "
                + "conflict is temporary."
        case .tooLarge: "The body is too large."
        case .unsupportedMediaType: "The media type of the body is wrong."
        case .keyMismatch: "This Idempotency-Key was used for another request."
        case .rateLimited: "The tenant is above its rate limit."
        case .headersTooLarge: "The headers are too large."
        case .failed: "The service failed to handle the request."
        case .unavailable: "The store or the service is unavailable."
        }
    }
}
