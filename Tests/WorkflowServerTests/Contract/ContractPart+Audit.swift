extension ContractPart {
    private static let path = "GET /api/audit-events"

    static let auditCalls: [ContractCall] = [
        ContractCall(
            "the envelope, with every member of an event", path, as: "admin", 200, .members("data"),
            .has(#"{"data":[{"event_id":"ae-"#),
            .has(#""event_type":"weir.workflow/started","tenant":"acme","tenant_family":"acme","happened_at":"2024-02-10T"#),
            .has(#""principal_id":"{admin-id}","principal_name":"CI","principal_email":"","object_id":"wf-"#),
            .has(#""object_id":"cg-123ABc4DE","object_name":"Daily","origin_ip":"127.0.0.1","user_agent":""#),
            .has(#""session_id":""#)),
        ContractCall(
            "a page", path + "?limit=1", as: "admin", 200, .members("data next_token"), .remember("next_token", as: "token")),
        ContractCall("the next page", path + "?limit=2&next_token={token}", as: "admin", 200, .members("data next_token")),
        ContractCall("with a slash at the end", "GET /api/audit-events/", as: "admin", 200, .members("data")),
        ContractCall("a total", path + "?with_total=true&limit=1", as: "admin", 200, .members("data next_token total")),
        ContractCall("no total", path + "?with_total=false", as: "admin", 200, .members("data")),
        ContractCall("a window", path + "?happened_from=2024-02-10&happened_to=2024-02-11", as: "admin", 200, .has("ae-")),
        ContractCall("partial times", path + "?happened_from=2024-02-10T17&happened_to=2024-03", as: "admin", 200, .has("ae-")),
        ContractCall("the end is excluded", path + "?happened_to=2024-02-10", as: "admin", 200, .has(#""data":[]"#)),
        ContractCall(
            "a window of zero length", path + "?happened_from=2024-02-10&happened_to=2024-02-10", as: "admin", 200,
            .has(#""data":[]"#)),
        ContractCall(
            "a window that ends before it starts", path + "?happened_from=2024-02-11&happened_to=2024-02-10", as: "admin", 400,
            .has("happened_to")),
        ContractCall("not a date", path + "?happened_from=2024-02-30", as: "admin", 400, .has("happened_from")),
        ContractCall("the greatest limit", path + "?limit=1000", as: "admin", 200, .members("data")),
        ContractCall("above the greatest limit", path + "?limit=1001", as: "admin", 400, .has("1 to 1000")),
        ContractCall("no limit of zero", path + "?limit=0", as: "admin", 400, .has("limit")),
        ContractCall(
            "a token of other filters", path + "?happened_from=2024&next_token={token}", as: "admin", 400, .has("next_token")),
        ContractCall("an altered token", path + "?next_token={token}A", as: "admin", 400, .has("next_token")),
        ContractCall("an empty token", path + "?next_token=", as: "admin", 400, .has("next_token")),
        ContractCall("null for a token", path + "?next_token=null", as: "admin", 400, .has("next_token")),
        ContractCall(
            "the token of another list", "GET /api/workflow/runs?next_token={token}", as: "admin", 400, .has("next_token")),
        ContractCall("neither true nor false", path + "?with_total=yes", as: "admin", 400, .has("true, false")),
        ContractCall("an unknown parameter", path + "?happend_from=2024", as: "admin", 400, .has("Did you mean happened_from?")),
        ContractCall("a parameter given twice", path + "?limit=1&limit=2", as: "admin", 400, .has("limit")),
        ContractCall("not for operators", path, as: "operator", 403, .has("admin")),
        ContractCall("not for viewers", path, as: "viewer", 403, .has("admin")),
        ContractCall("nor for issuers", path, as: "issuer", 403, .has("admin")),
        ContractCall("no change", "DELETE /api/audit-events", as: "admin", 405, .header("Allow", "GET, HEAD")),
        ContractCall("no addition", "POST /api/audit-events", as: "admin", 405, .header("Allow", "GET, HEAD")),
    ]
}
