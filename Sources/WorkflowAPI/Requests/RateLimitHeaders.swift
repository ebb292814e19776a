public import HTTPTypes

/// How a tenant stands with its rate limit, as answers tell it (draft-ietf-httpapi-ratelimit-headers).
public struct RateLimitState: Hashable, Sendable {
    /// Requests in a second.
    public var quota: Int
    public var remaining: Int
    /// Whole seconds until there is room again; at least 1.
    public var reset: Int

    public init(quota: Int, remaining: Int, reset: Int) {
        self.quota = quota
        self.remaining = remaining
        self.reset = reset
    }

    public var policyValue: String { "\"default\";q=\(quota);w=1" }
    public var stateValue: String { "\"default\";r=\(remaining);t=\(reset)" }
}

/// The names of headers that are ours or not widely known.
public enum HeaderNames {
    public static let tenant = HTTPField.Name.known("weir-tenant")
    /// What clients that come with a history send in its place.
    public static let historicalTenant = HTTPField.Name.known("amperity-tenant")
    public static let version = HTTPField.Name.known(APIVersion.headerName)
    public static let requestID = HTTPField.Name.known("Request-Id")
    public static let idempotencyKey = HTTPField.Name.known(IdempotencyHeader.name)
    public static let rateLimit = HTTPField.Name.known("RateLimit")
    public static let rateLimitPolicy = HTTPField.Name.known("RateLimit-Policy")
    public static let outputAttempt = HTTPField.Name.known("Weir-Output-Attempt")
    public static let outputFrom = HTTPField.Name.known("Weir-Output-From")
    public static let outputNext = HTTPField.Name.known("Weir-Output-Next")
    public static let outputLast = HTTPField.Name.known("Weir-Output-Last")
}

extension HTTPField.Name {
    /// A name that is known to be valid; a test reads each of them.
    fileprivate static func known(_ name: String) -> HTTPField.Name {
        HTTPField.Name(name) ?? .retryAfter
    }
}
