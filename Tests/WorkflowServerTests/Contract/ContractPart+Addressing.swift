extension ContractPart {
    private static let oneRun = "GET /api/workflow/runs?limit=1"

    static let addressingCalls: [ContractCall] = [
        ContractCall("the header names the tenant", oneRun, 200),
        ContractCall("a header's name has no case", oneRun, headers: [("Amperity-TENANT", "acme")], tenant: nil, 200),
        ContractCall("older examples say X-Amperity-Tenant", oneRun, headers: [("X-Amperity-Tenant", "acme")], tenant: nil, 200),
        ContractCall("weir-tenant means the same", oneRun, headers: [("weir-tenant", "acme")], tenant: nil, 200),
        ContractCall("the host names it where no header does", oneRun, headers: [("Host", "acme.runs.example")], tenant: nil, 200),
        ContractCall(
            "a sandbox is addressed through its production's host", oneRun, headers: [("Host", "production.runs.example")], 200),
        ContractCall(
            "the token is what counts: another tenant's host", oneRun, headers: [("Host", "other.runs.example")], tenant: nil, 403),
        ContractCall("a shared entry with a header", oneRun, headers: [("Host", "app.runs.example")], 200),
        ContractCall("a regional one", oneRun, headers: [("Host", "app-aws-apse2.runs.example")], 200),
        ContractCall("a shared entry names no tenant", oneRun, headers: [("Host", "app.runs.example")], tenant: nil, 400),
        ContractCall("nor does a regional one", oneRun, headers: [("Host", "app-aws-apse2.runs.example")], tenant: nil, 400),
        ContractCall(
            "any other host names none", oneRun, headers: [("Host", "runs.example")], tenant: nil, 400, .has("amperity-tenant")),
        ContractCall("two headers that agree", oneRun, headers: [("X-Amperity-Tenant", "ACME"), ("weir-tenant", "acme")], 200),
        ContractCall("two headers that do not", oneRun, headers: [("X-Amperity-Tenant", "other")], 400, .has("two tenants")),
        ContractCall(
            "one header twice, with two values", oneRun, headers: [("amperity-tenant", "other")], 400, .has("two tenants")),
        ContractCall("one header twice, with one value", oneRun, headers: [("amperity-tenant", "acme")], 200),
        ContractCall("another tenant than the token's", oneRun, tenant: "other", 403),

        ContractCall("no version is the newest", oneRun, 200),
        ContractCall("the version as a header", oneRun, headers: [("api-version", "2024-04-01")], 200),
        ContractCall("the version as a parameter", oneRun + "&api_version=2024-04-01", 200),
        ContractCall("both", oneRun + "&api_version=2024-04-01", headers: [("api-version", "2024-04-01")], 200),
        ContractCall("unstable as a header", oneRun, headers: [("api-version", "unstable")], 200),
        ContractCall("unstable as a parameter", oneRun + "&api_version=unstable", 200),
        ContractCall("an unknown version", oneRun, headers: [("api-version", "2023-01-01")], 400, .has("2024-04-01")),
        ContractCall("an unknown version as a parameter", oneRun + "&api_version=v1", 400, .has("2024-04-01")),
        ContractCall("versions that differ", oneRun + "&api_version=unstable", headers: [("api-version", "2024-04-01")], 400),
        ContractCall(
            "one header twice that differs", oneRun, headers: [("api-version", "2024-04-01"), ("api-version", "unstable")], 400),

        ContractCall("a slash at the end", "GET /api/workflow/runs/?limit=1", 200),
        ContractCall("a slash at the end of a run", "GET /api/workflow/runs/wf-failed/", 200),
        ContractCall("an unknown path", "GET /api/workflow/run", 404),
        ContractCall("an unsupported method", "DELETE /api/workflow/runs", 405, .header("Allow", "GET, HEAD, POST")),
        ContractCall("HEAD wherever GET is", "HEAD /api/workflow/runs", 200),
        ContractCall("HEAD of a run", "HEAD /api/workflow/runs/wf-failed", 200),
    ]

    static let errorCalls: [ContractCall] = [
        ContractCall("400", "GET /api/workflow/runs?limit=0", 400, .members("status message request_id"), .has(#""status":400"#)),
        ContractCall("401", "GET /api/workflow/runs", as: nil, 401, .members("status message request_id")),
        ContractCall("403", "POST /api/workflow/runs", body: "{}", 403, .members("status message request_id")),
        ContractCall("404", "GET /api/workflow/runs/wf-unknown", 404, .members("status message request_id")),
        ContractCall("405", "PUT /api/workflow/runs", body: "{}", 405, .members("status message request_id")),
        ContractCall(
            "415", "POST /api/workflow/runs", as: "admin", headers: [("Content-Type", "application/xml")], body: "<a/>", 415,
            .members("status message request_id")),
        ContractCall(
            "413", "POST /api/workflow/runs/wf-failed/stop", as: "admin", body: String(repeating: "a", count: 20_000), 413,
            .members("status message request_id")),
        ContractCall(
            "431", "GET /api/workflow/runs", headers: [("X-Large", String(repeating: "a", count: 40_000))], 431,
            .members("status message request_id")),
        ContractCall(
            "the client's request id", "GET /healthz", as: nil, headers: [("Request-Id", "mine-1")], 200,
            .header("Request-Id", "mine-1")),
    ]
}
