extension ContractPart {
    private static let form = [("Content-Type", "application/x-www-form-urlencoded")]
    private static let token = "POST /api/v0/oauth2/token"
    private static let issue = "POST /api/v0/admin/api-keys/{viewer-id}/tokens"
    private static let oneRun = "GET /api/workflow/runs?limit=1"

    static let credentialCalls: [ContractCall] = [
        ContractCall(
            "client credentials in the form", token, as: nil, headers: form, tenant: nil,
            body: "grant_type=client_credentials&client_id={viewer-id}&client_secret={viewer-secret}", 200,
            .members("access_token token_type expires_in"), .has(#""token_type":"Bearer","expires_in":3600"#),
            .header("Cache-Control", "no-store"), .remember("access_token", as: "exchanged")),
        ContractCall("the token of the exchange", oneRun, as: "exchanged", 200),
        ContractCall(
            "the grant type may be left out", token, as: nil, headers: form, tenant: nil,
            body: "client_id={viewer-id}&client_secret={viewer-secret}", 200),
        ContractCall(
            "HTTP Basic", token, as: nil, headers: form + [("Authorization", "Basic {basic}")], tenant: nil,
            body: "grant_type=client_credentials", 200),
        ContractCall(
            "a wrong secret", token, as: nil, headers: form, tenant: nil, body: "client_id={viewer-id}&client_secret=wrong", 401,
            .has(#""error":"invalid_client""#), .header("Cache-Control", "no-store")),
        ContractCall(
            "another grant type", token, as: nil, headers: form, tenant: nil,
            body: "grant_type=password&client_id={viewer-id}&client_secret={viewer-secret}", 400,
            .has(#""error":"unsupported_grant_type""#)),

        ContractCall("no token", oneRun, as: nil, 401, .header("WWW-Authenticate", #"Bearer realm="weir""#)),
        ContractCall(
            "a bad token", oneRun, as: nil, headers: [("Authorization", "Bearer a.b.c")], 401, .has("not one of this service")),
        ContractCall("a viewer starts nothing", "POST /api/workflow/runs", body: #"{"config_id":"cg-123ABc4DE"}"#, 403),
        ContractCall("a viewer stops nothing", "POST /api/workflow/runs/wf-scheduled/stop", 403),
        ContractCall("an operator reads", oneRun, as: "operator", 200),
        ContractCall("an operator starts", "POST /api/workflow/runs", as: "operator", body: #"{"config_id":"cg-123ABc4DE"}"#, 201),
        ContractCall("an operator configures nothing", "DELETE /api/workflow/configs/cg-123ABc4DE", as: "operator", 403),
        ContractCall("an issuer reads nothing", oneRun, as: "issuer", 403),
        ContractCall("another tenant's token", oneRun, as: "other", 403),

        ContractCall(
            "an issuer issues tokens of any key", issue, as: "issuer", body: #"{"expires-at": "2024-06-14T00:24:16Z"}"#, 200,
            .members("access_token token_type expires_in expires_at"), .has(#""token_type":"Bearer""#),
            .has(#""expires_at":"2024-06-14T00:24:16.000Z""#), .header("Cache-Control", "no-store"),
            .remember("access_token", as: "issued")),
        ContractCall("the issued token does what its key may", oneRun, as: "issued", 200),
        ContractCall("and no more", "POST /api/workflow/runs", as: "issued", body: #"{"config_id":"cg-123ABc4DE"}"#, 403),
        ContractCall(
            "itself included", "POST /api/v0/admin/api-keys/{issuer-id}/tokens", as: "issuer",
            body: #"{"expires-at":"2024-03-01"}"#, 200, .remember("access_token", as: "own")),
        ContractCall("its own token issues, too", issue, as: "own", body: #"{"expires-at":"2024-03-01"}"#, 200),
        ContractCall("an admin may do all", issue, as: "admin", body: #"{"expires-at":"2024-03-01"}"#, 200),
        ContractCall("an operator may not", issue, as: "operator", body: #"{"expires-at":"2024-03-01"}"#, 403),
        ContractCall("the past", issue, as: "issuer", body: #"{"expires-at":"2024-01-01"}"#, 400, .has("is in the past")),
        ContractCall("beyond 365 days", issue, as: "issuer", body: #"{"expires-at":"2025-06-14"}"#, 400, .has("365 days")),
        ContractCall("an unknown member", issue, as: "issuer", body: #"{"expires_at":"2024-03-01"}"#, 400, .has("expires-at")),
        ContractCall(
            "an unknown key", "POST /api/v0/admin/api-keys/wk_nobody/tokens", as: "issuer", body: #"{"expires-at":"2024-03-01"}"#,
            404, .has("There is no API key with that id.")),
        ContractCall(
            "another tenant's key", "POST /api/v0/admin/api-keys/{other-id}/tokens", as: "issuer",
            body: #"{"expires-at":"2024-03-01"}"#, 404, .has("There is no API key with that id.")),
    ]
}
