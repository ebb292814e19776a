import HTTPTypes
import WorkflowModel

/// Access tokens: exchange a key for one, or issue one of a key.
public enum AccessEndpoints {
    public static let all = [exchange, issue]

    static let keyID = PathParameter("id", "The client id of a key.")

    public static let exchange = Endpoint(
        "exchangeToken", .post, "/api/v0/oauth2/token", .clientCredentials, tag: .access,
        summary: "Exchanges a key's client id and secret for an access token.",
        details: "OAuth 2.0 client credentials (RFC 6749, section 4.4). Addresses no tenant: the token is for the key's own.",
        // RFC 6749, section 3.2.
        refusesUnknownParameters: false,
        // RFC 6749, section 5.2, has no other status for a wrong media type.
        body: RequestBody(
            [MediaContent("application/x-www-form-urlencoded", .schemas(["TokenRequest"]))], upTo: Limits.tokenBody,
            otherTypeError: .invalid),
        responses: [
            .json("A token.", "TokenAnswer", headers: [.cacheControl]),
            EndpointResponse(
                400, "The form is invalid; or, as an Error, the query or the version is.", [.json("TokenRefusal", "Error")]),
            .json("The credentials are wrong.", "TokenRefusal", status: 401),
        ],
        otherErrors: [.unavailable])

    public static let issue = Endpoint(
        "issueToken", .post, "/api/v0/admin/api-keys/{id}/tokens", .policy(.issuer), tag: .access,
        summary: "Issues an access token of a key that expires at a chosen time.",
        details: """
            For any key of the tenant, the caller's own included. Rotating the key's secret leaves the token valid for 30 days at most.
            """,
        parameters: [keyID],
        body: .json("IssueRequest", upTo: Limits.issueBody),
        responses: [.json("A token.", "IssuedToken", headers: [.cacheControl])])
}
