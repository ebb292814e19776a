import WorkflowModel

extension OpenAPIDocument {
    static let parameters = #"""
        "Tenant": {"name": "amperity-tenant", "in": "header", "schema": {"$ref": "#/components/schemas/Tenant"}, \#
        "description": "The tenant that is addressed. Where it is missing, the host {tenant}.{domain} names it."},
              "TenantWithoutHistory": {"name": "weir-tenant", "in": "header", "schema": {"$ref": \#
        "#/components/schemas/Tenant"}, "description": "The same as amperity-tenant."},
              "Version": {"name": "api-version", "in": "header", "schema": {"enum": [\#(versions)]}, "description": "The \#
        version of the API; the newest stable one where neither this nor api_version is there."},
              "VersionParameter": {"name": "api_version", "in": "query", "schema": {"enum": [\#(versions)]}},
              "RequestID": {"name": "Request-Id", "in": "header", "schema": {"type": "string"}, "description": "An id of the \#
        client's own choice, which the answer repeats where it is one of up to \#(Limits.requestID) letters, digits, -, _ and \#
        .; in the place of any other it has one of the service's."},
              "IdempotencyKey": {"name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "minLength": 1, \#
        "maxLength": 255}, "description": "Makes a start happen once: the same key with the same body within 24 hours answers \#
        the first run again."},
              "IfNoneMatch": {"name": "If-None-Match", "in": "header", "schema": {"type": "string"}, "description": "The ETag \#
        of an answer that the client has."},
              "CreatedFrom": {"name": "created_from", "in": "query", "schema": {"$ref": \#
        "#/components/schemas/PartialDateTime"}, "description": "Created then or later."},
              "CreatedTo": {"name": "created_to", "in": "query", "schema": {"$ref": "#/components/schemas/PartialDateTime"}, \#
        "description": "Created before then."},
              "EndedFrom": {"name": "ended_from", "in": "query", "schema": {"$ref": "#/components/schemas/PartialDateTime"}, \#
        "description": "Ended then or later."},
              "EndedTo": {"name": "ended_to", "in": "query", "schema": {"$ref": "#/components/schemas/PartialDateTime"}, \#
        "description": "Ended before then."},
              "StateFilter": {"name": "state", "in": "query", "schema": {"type": "string", "minLength": 1}, \#
        "description": "A state by its wire value or its label, in any case; space, - and _ are the same."},
              "TypeFilter": {"name": "type", "in": "query", "schema": {"type": "string", "minLength": 1}, \#
        "description": "Exactly that type."},
              "Limit": {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": \#
        \#(RunQuery.limits.lowerBound), "maximum": \#(RunQuery.limits.upperBound), "default": \#(RunQuery.defaultLimit)}},
              "NextToken": {"name": "next_token", "in": "query", "schema": {"type": "string", "minLength": 1}, \#
        "description": "Of the page before; belongs to its tenant and filters."},
              "WithTotal": {"name": "with_total", "in": "query", "schema": {"type": "boolean", "default": false}},
              "RunID": {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}},
              "TaskID": {"name": "task_id", "in": "path", "required": true, "schema": {"type": "string"}},
              "ConfigurationID": {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}},
              "TickSchedule": {"name": "schedule", "in": "query", "schema": {"type": "string", "minLength": 1}, \#
        "description": "Of that schedule only."},
              "TicksFrom": {"name": "from", "in": "query", "schema": {"$ref": "#/components/schemas/PartialDateTime"}, \#
        "description": "Scheduled for then or later."},
              "TicksTo": {"name": "to", "in": "query", "schema": {"$ref": "#/components/schemas/PartialDateTime"}, \#
        "description": "Scheduled for before then."},
              "View": {"name": "view", "in": "query", "schema": {"enum": ["overview", "verbose"], "default": "overview"}},
              "Attempt": {"name": "attempt", "in": "query", "schema": {"type": "integer", "minimum": 1}, "description": "The \#
        newest one where it is missing."},
              "OutputFrom": {"name": "from", "in": "query", "schema": {"type": "integer", "minimum": 0, "default": 0}, \#
        "description": "Where to begin, in bytes of all that was printed."},
              "ConfigurationFile": {"name": "file", "in": "query", "schema": {"type": "string", "minLength": 1}, \#
        "description": "What complaints call the text."},
              "ConfigurationDirectory": {"name": "directory", "in": "query", "schema": {"type": "string", "minLength": 1, \#
        "pattern": "^/"}, "description": "The absolute directory that commands run in."}
        """#

    private static var versions: String {
        APIVersion.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
    }

    static let headers = #"""
        "RequestID": {"description": "Names the request in the service's log.", "schema": {"type": "string"}},
              "Version": {"description": "The version that served it.", "schema": {"type": "string"}},
              "RateLimitPolicy": {"description": "The quota q of requests in a window of w seconds.", "schema": {"type": \#
        "string"}},
              "RateLimit": {"description": "The requests r that remain, and the seconds t until there is room again.", \#
        "schema": {"type": "string"}},
              "ETag": {"description": "Names these very bytes, for If-None-Match.", "schema": {"type": "string"}},
              "Location": {"description": "The path of what was made.", "schema": {"type": "string"}},
              "RetryAfter": {"description": "Whole seconds after which to try again.", "schema": {"type": "integer"}},
              "Challenge": {"description": "RFC 6750.", "schema": {"type": "string"}},
              "Allow": {"description": "The methods that the path takes.", "schema": {"type": "string"}}
        """#

    static let responses = APIError.Kind.allCases.map { kind in
        let headers =
            switch kind {
            case .unauthenticated, .forbidden: ##""WWW-Authenticate": {"$ref": "#/components/headers/Challenge"}, "##
            case .rateLimited, .unavailable: ##""Retry-After": {"$ref": "#/components/headers/RetryAfter"}, "##
            case .methodNotAllowed: ##""Allow": {"$ref": "#/components/headers/Allow"}, "##
            default: ""
            }
        return ##"""
            "\##(kind)": {"description": "\##(kind.summary)", "headers": {\##(headers)"Request-Id": {"$ref": \##
            "#/components/headers/RequestID"}}, "content": {"application/json": {"schema": {"$ref": \##
            "#/components/schemas/Error"}}}}
            """##
    }
    .joined(separator: ",\n      ")
}

extension APIError.Kind {
    fileprivate var summary: String {
        switch self {
        case .invalid: "A parameter or the body is missing or invalid, or the version is not supported."
        case .unauthenticated: "No, bad or expired credentials."
        case .forbidden: "Good credentials without the right, or for another tenant."
        case .notFound: "No such resource."
        case .methodNotAllowed: "The path does not take this method."
        case .conflict:
            "It conflicts with what is there, or with a request under the same Idempotency-Key. With Retry-After that passes by itself."
        case .tooLarge: "The body is too large."
        case .unsupportedMediaType: "The media type of the body is wrong."
        case .keyMismatch: "This Idempotency-Key was used for another request."
        case .rateLimited: "The tenant is above its rate limit."
        case .headersTooLarge: "The headers are too large."
        case .failed: "The service's own fault."
        case .unavailable: "The store or the service is unavailable."
        }
    }
}
