extension ContractPart {
    private static let starting = "POST /api/workflow/runs"
    private static let id = #"{"config_id":"cg-123ABc4DE"}"#
    /// The documented members, and behind them those that Weir adds.
    private static let verbose =
        "id name type state tenant created_at principal_id principal_name launched_version current_version warn_after_ms "
        + "task_instances config_id run_mode"

    static let runCalls: [ContractCall] = [
        ContractCall(
            "the overview", "GET /api/workflow/runs/wf-failed", 200, .members("created_at ended_at id name state tenant type")),
        ContractCall("asked for by name", "GET /api/workflow/runs/wf-failed?view=overview", 200, .lacks("task_instances")),
        ContractCall(
            "everything", "GET /api/workflow/runs/{working}?view=verbose", 200, .members(verbose),
            .has(
                #""task_instances":[{"id":"wft-"#),
            .has(#""task_instance_id":"wft-"#), .has(#""workflow_id":"{working}""#), .has(#""label":"Pull""#),
            .has(#""state":"running""#), .has(#""execution_type":"command""#), .has(#""task_definition_id":"pull""#),
            .has(#""task_definition_type":"courier.pull""#), .has(#""state":"skipped""#)),
        ContractCall("no tasks yet", "GET /api/workflow/runs/wf-started?view=verbose", 200, .has(#""task_instances":[]"#)),
        ContractCall(
            "an error without attribution", "GET /api/workflow/runs/wf-failed?view=verbose", 200,
            .has(#""error":{"type":"amperity.courier/failed","message":"No such table"}"#)),
        ContractCall("another view", "GET /api/workflow/runs/wf-failed?view=all", 400, .has("overview, verbose")),
        ContractCall("an unknown id", "GET /api/workflow/runs/wf-unknown", 404, .has("There is no run with that id.")),
        ContractCall("another tenant's", "GET /api/workflow/runs/wf-theirs", 404, .has("There is no run with that id.")),
    ]

    static let startCalls: [ContractCall] =
        contentTypes.map { type in
            ContractCall(
                "JSON, whatever it is called", starting, as: "operator", headers: [("Content-Type", type)], body: id, 201)
        } + startBodies

    /// Media types that clients send with JSON; the first one is the default of curl.
    private static let contentTypes = [
        "application/x-www-form-urlencoded", "application/json", "application/json; charset=utf-8", "application/vnd.x+json",
        "text/plain",
    ]

    private static let startBodies: [ContractCall] = [
        ContractCall(
            "no content type", starting, as: "operator", body: id, 201, .members(verbose), .has(#""state":"scheduled""#),
            .has(#""task_instances":[]"#), .remember("id", as: "run"), .header("Location", "/api/workflow/runs/{run}")),
        ContractCall("it is there", "GET /api/workflow/runs/{run}", 200, .has(#""state":"scheduled""#)),
        ContractCall(
            "another content type", starting, as: "operator", headers: [("Content-Type", "application/xml")], body: id, 415),
        ContractCall("a slash at the end", starting + "/", as: "operator", body: id, 201),
        ContractCall(
            "a range", starting, as: "operator",
            body: #"{"config_id":"cg-123ABc4DE","range_from":"2024-02-01","range_to":"2024-02-02","run_mode":"full"}"#, 201),
        ContractCall(
            "one day", starting, as: "operator", body: #"{"config_id":"cg-123ABc4DE","range_from":"2024-02-01"}"#, 201),
        ContractCall(
            "an end without a beginning", starting, as: "operator",
            body: #"{"config_id":"cg-123ABc4DE","range_to":"2024-02-01"}"#,
            400, .has("range_from")),
        ContractCall("a run mode", starting, as: "operator", body: #"{"config_id":"cg-123ABc4DE","run_mode":"source"}"#, 201),
        ContractCall(
            "another run mode", starting, as: "operator", body: #"{"config_id":"cg-123ABc4DE","run_mode":"all"}"#, 400,
            .has("source, refresh, full")),
        ContractCall(
            "the version in the body", starting, as: "operator",
            body: #"{"config_id":"cg-123ABc4DE","api_version":"2024-04-01"}"#,
            201),
        ContractCall(
            "unstable in the body", starting, as: "operator", body: #"{"config_id":"cg-123ABc4DE","api_version":"unstable"}"#,
            201),
        ContractCall(
            "another version in the body", starting, as: "operator",
            body: #"{"config_id":"cg-123ABc4DE","api_version":"2023"}"#,
            400, .has("2024-04-01")),
        ContractCall(
            "the body and the header differ", starting, as: "operator", headers: [("api-version", "2024-04-01")],
            body: #"{"config_id":"cg-123ABc4DE","api_version":"unstable"}"#, 400, .has("two API versions")),
        ContractCall(
            "an unknown member", starting, as: "operator", body: #"{"config_id":"cg-123ABc4DE","force":1}"#, 400, .has("force")),
        ContractCall("a wrong type", starting, as: "operator", body: #"{"config_id":5}"#, 400, .has("config_id")),
        ContractCall("not an object", starting, as: "operator", body: "[]", 400),
        ContractCall("no body", starting, as: "operator", 400),
        ContractCall(
            "an unknown configuration", starting, as: "operator", body: #"{"config_id":"cg-unknown"}"#, 400, .has("cg-unknown")),
        ContractCall(
            "an idempotency key", starting, as: "operator", headers: [("Idempotency-Key", "once")], body: id, 201,
            .remember("id", as: "once")),
        ContractCall("again", starting, as: "operator", headers: [("Idempotency-Key", "once")], body: id, 201, .has("{once}")),
        ContractCall(
            "with another body", starting, as: "operator", headers: [("Idempotency-Key", "once")], body: id + " ", 422),
    ]

    static let stopCalls: [ContractCall] = [
        ContractCall("a run to stop", starting, as: "operator", body: id, 201, .remember("id", as: "run")),
        ContractCall(
            "none of it was running", "POST /api/workflow/runs/{run}/stop", as: "operator", 200, .has(#""state":"canceled""#),
            .has(#""message":"Workflow manually stopped""#), .has(#""attribution":"customer""#), .has(#""ended_at":"#),
            .has(#""task_instances":[{"#)),
        ContractCall("again is harmless", "POST /api/workflow/runs/{run}/stop/", as: "operator", 200, .has(#""state":"canceled""#)),
        ContractCall(
            "a task of it is running", "POST /api/workflow/runs/{working}/stop", as: "operator", 200, .has(#""state":"stopping""#)),
        ContractCall(
            "a body is of no use, whatever it is called", "POST /api/workflow/runs/wf-succeeded/stop", as: "operator",
            headers: [("Content-Type", "application/x-www-form-urlencoded")], body: "{}", 200, .has(#""state":"succeeded""#)),
        ContractCall("an unknown run", "POST /api/workflow/runs/wf-unknown/stop", as: "operator", 404),
        ContractCall("another tenant's", "POST /api/workflow/runs/wf-theirs/stop", as: "operator", 404),
    ]
}
