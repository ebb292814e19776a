public import HTTPTypes

/// The state of a tenant's rate limit, for the headers of answers (draft-ietf-httpapi-ratelimit-headers).
public struct RateLimitState: Hashable, Sendable {
    /// Requests per second.
    public var quota: Int
    public var remaining: Int
    /// Whole seconds until more requests are accepted; at least 1.
    public var reset: Int

    public init(quota: Int, remaining: Int, reset: Int) {
        self.quota = quota
        self.remaining = remaining
        self.reset = reset
    }

    public var policyValue: String { "\"default\";q=\(quota);w=1" }
    public var stateValue: String { "\"default\";r=\(remaining);t=\(reset)" }
}

/// The names of headers that HTTPTypes does not have.
public enum HeaderNames {
    public static let tenant = HTTPField.Name.known("weir-tenant")
    /// The tenant, from clients of the original service.
    public static let historicalTenant = HTTPField.Name.known("amperity-tenant")
    /// The tenant, in older examples.
    public static let olderTenant = HTTPField.Name.known("X-Amperity-Tenant")
    public static let version = HTTPField.Name.known(APIVersion.headerName)
    public static let requestID = HTTPField.Name.known("Request-Id")
    public static let idempotencyKey = HTTPField.Name.known(IdempotencyHeader.name)
    public static let rateLimit = HTTPField.Name.known("RateLimit")
    public static let rateLimitPolicy = HTTPField.Name.known("RateLimit-Policy")
    /// How many runs were counted, where a list leaves out `total` because its budget was used up.
    public static let totalCounted = HTTPField.Name.known(ResponseHeader.totalCounted.rawValue)
    /// The place where a page ended because its budget was used up; see ``SearchPlace``.
    public static let searchedTo = HTTPField.Name.known(ResponseHeader.searchedTo.rawValue)
    public static let outputAttempt = HTTPField.Name.known("Weir-Output-Attempt")
    public static let outputFrom = HTTPField.Name.known("Weir-Output-From")
    public static let outputNext = HTTPField.Name.known("Weir-Output-Next")
    public static let outputLast = HTTPField.Name.known("Weir-Output-Last")
}

extension HTTPField.Name {
    /// A name that the code spells, which is valid.
    package static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is no name of a header.") }
        return name
    }
}
