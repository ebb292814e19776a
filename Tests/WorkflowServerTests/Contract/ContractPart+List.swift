extension ContractPart {
    private static let runs = "GET /api/workflow/runs"
    /// A window around the history, without the run that has not ended.
    private static let past = "created_to=2024-02-09"

    static let listCalls: [ContractCall] = filterCalls + partialDates

    private static let filterCalls: [ContractCall] = [
        ContractCall(
            "newest first, with the documented members", runs + "?\(past)&limit=1", 200, .runs("failed"),
            .members("data next_token"),
            .has(
                #"{"data":[{"id":"wf-failed","name":"Daily","type":"campaign.send","state":"failed","tenant":"acme","#
                    + #""created_at":"2024-02-08T00:00:00.000Z","ended_at":"2024-02-08T02:30:15.250Z","#
                    + #""principal_id":"p-1","principal_name":"Operator","principal_email":"operator@shop.example","#
                    + #""error":{"type":"amperity.courier/failed","message":"No such table"}}]"#)),
        ContractCall(
            "what is unknown is absent", runs + "?state=started&\(past)", 200, .lacks("ended_at"), .lacks("error"),
            .lacks("_email")),
        ContractCall("the last page has no token", runs + "?\(past)", 200, .members("data")),
        ContractCall(
            "the total counts everything that matches", runs + "?\(past)&limit=2&with_total=true", 200,
            .members("data next_token total"), .has(#""total":8}"#), .runs("failed succeeded"),
            .remember("next_token", as: "next")),
        ContractCall(
            "the next page", runs + "?\(past)&limit=3&next_token={next}", 200, .runs("canceled stopping running-with-failures")),
        ContractCall("a token with other filters", runs + "?\(past)&type=a&next_token={next}", 400, .has("these filters")),
        ContractCall("a token of another tenant", runs + "?\(past)&next_token={next}", as: "other", tenant: "other", 400),
        ContractCall("an altered token", runs + "?\(past)&next_token={next}A", 400),
        ContractCall("an empty token", runs + "?next_token=", 400),
        ContractCall("null is no token", runs + "?next_token=null", 400),
        ContractCall(
            "from is inclusive, to is not", runs + "?created_from=2024-02-03&created_to=2024-02-05", 200,
            .runs("running-with-failures in-progress")),
        ContractCall(
            "ends only: sorted by end", runs + "?ended_from=2024&ended_to=2025", 200, .runs("failed succeeded canceled")),
        ContractCall(
            "ends, inclusive and exclusive", runs + "?ended_from=2024-02-07T03:30:15.250&ended_to=2024-02-08T02:30:15.250Z",
            200, .runs("succeeded")),
        ContractCall(
            "both windows: sorted by creation", runs + "?created_from=2024-02-06&ended_to=2024-02-08", 200,
            .runs("succeeded canceled")),
        ContractCall("a window of zero length", runs + "?created_from=2024&created_to=2024", 200, .runs("")),
        ContractCall("a window that ends before it starts", runs + "?created_from=2025&created_to=2024", 400),
        ContractCall("not a date", runs + "?created_from=2024-02-30", 400, .has("created_from")),
        ContractCall(
            "an exact type", runs + "?type=courier.group/run&\(past)", 200, .runs("succeeded stopping in-progress scheduled")),
        ContractCall("an unknown type", runs + "?type=unknown", 200, .runs("")),
        ContractCall("a parameter twice", runs + "?limit=1&limit=2", 400, .has("limit")),
        ContractCall("an unknown parameter", runs + "?stat=failed", 400, .has("stat")),
        ContractCall("a limit of 1000", runs + "?limit=1000", 200),
        ContractCall("a limit of 1001", runs + "?limit=1001", 400, .has("1 to 1000")),
        ContractCall("with_total is a boolean", runs + "?with_total=1", 400, .has("with_total")),
    ]

    private static let partialDates: [ContractCall] = [
        "2024", "2024-02", "2024-02-01", "2024-02-01T00", "2024-02-01T00:00", "2024-02-01T00:00:00", "2024-02-01T00:00:00.000",
        "2024-02-01T00:00:00.000Z", "2024-02-01T01:00:00%2B01:00", "2024-02-01T00:00Z",
    ].map {
        ContractCall("a date-time may be partial", runs + "?created_from=\($0)&created_to=2024-02-02", 200, .runs("scheduled"))
    }

    private static let running = "running-with-failures in-progress started"

    static let stateCalls: [ContractCall] = stateNames.map(calls(of:)) + severalStates

    private static let stateNames: [(value: String, runs: String)] = [
        ("scheduled", "scheduled"), ("Scheduled", "scheduled"), ("started", "started"), ("Started", "started"),
        ("in-progress", "in-progress"), ("In%20progress", "in-progress"), ("in_progress", "in-progress"),
        ("running-with-failures", "running-with-failures"), ("Running+with+failures", "running-with-failures"),
        ("stopping", "stopping"), ("Stopping", "stopping"), ("canceling", "stopping"), ("Canceling", "stopping"),
        ("cancelling", "stopping"), ("canceled", "canceled"), ("cancelled", "canceled"), ("stopped", "canceled"),
        ("Stopped", "canceled"), ("succeeded", "succeeded"), ("Succeeded", "succeeded"), ("failed", "failed"),
        ("FAILED", "failed"), ("running", running), ("Running", running), ("finalizing", ""), ("skipped", ""), ("Skipped", ""),
        ("paused", ""), ("Paused", ""), ("up-for-retry", ""), ("Up%20for%20retry", ""), ("up_for_retry", ""),
    ]

    private static func calls(of name: (value: String, runs: String)) -> ContractCall {
        let count = name.runs.split(separator: " ").count
        return ContractCall(
            "a state by value or label", runs + "?state=\(name.value)&with_total=true&\(past)", 200, .runs(name.runs),
            .has(#""total":\#(count)}"#))
    }

    private static let severalStates: [ContractCall] = [
        ContractCall("a value that names no state", runs + "?state=done", 400, .has("scheduled, started, in-progress")),
        ContractCall("several states", runs + "?state=failed&state=Stopped&\(past)", 200, .runs("failed canceled")),
        ContractCall(
            "pages of several states", runs + "?state=running&limit=2&\(past)", 200, .runs("running-with-failures in-progress"),
            .remember("next_token", as: "next")),
        ContractCall("the next one", runs + "?state=running&limit=2&next_token={next}&\(past)", 200, .runs("started")),
        ContractCall(
            "the token belongs to the states, not to their spelling",
            runs + "?state=Started&state=in-progress&state=running-with-failures&next_token={next}&\(past)", 200,
            .runs("started")),
        ContractCall("several states by end", runs + "?state=running&state=failed&ended_from=2024", 200, .runs("failed")),
    ]
}
