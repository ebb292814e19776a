import HTTPTypes
import WorkflowModel

/// Runs: list, count, export, start, show, stop, rerun and read their output. Statistics of deleted runs.
public enum RunEndpoints {
    public static let all = [list, start, facets, export, statistics, show, stop, rerun, output]

    static let id = PathParameter("id", "The id of a run.")
    public static let view = QueryParameter<RunView>.choice("view", "How much of the run the answer has.", default: .overview)
    public static let attempt = QueryParameter.integer(
        "attempt", "The number of the attempt; the newest one where it is missing.", in: 1...1_000_000)

    public static let list = Endpoint(
        "listRuns", .get, "/api/workflow/runs", .policy(.viewer), tag: .runs,
        summary: "Lists the tenant's runs, newest first.",
        details: """
            By created_at, equal times by id; with an ended window and no created window, by ended_at. A run matches when it matches \
            every parameter. Walking all pages shows every run that matched when the walk began and still matches exactly once. A \
            request does a limited amount of work: a page of a filter that few runs match may have fewer runs than limit, or none, and \
            still a next_token, which continues the search from weir-searched-to. Only a missing next_token means the end. Counting is \
            limited likewise: where a total cannot be counted in time, it is left out, and weir-total-counted says how many runs were.
            """,
        parameters: RunQueryParameters.parameters + [HeaderParameter.ifNoneMatch],
        responses: [.json("A page of runs.", "RunList", headers: [.entityTag, .totalCounted, .searchedTo])])

    public static let facets = Endpoint(
        "countRuns", .get, "/api/workflow/runs/facets", .policy(.viewer), tag: .runs,
        summary: "Counts matching runs by state, type, workflow, attribution, error type and principal.",
        details: """
            Of each, the values with most runs. A run without a value, such as one without an error, is counted under none. A request \
            does a limited amount of work: when complete is false, only the newest matching runs are counted.
            """,
        parameters: FacetQueryParameters.parameters,
        responses: [.json("The numbers of runs.", "RunFacets")])

    public static let export = Endpoint(
        "exportRuns", .get, "/api/workflow/runs/export", .policy(.viewer), tag: .runs,
        summary: "Exports all matching runs.",
        details: """
            In one stream, in the order of the list, as the header Accept asks: a JSON object in each line, in the form of the list and \
            with the stop and the notes of the run, which weir import reads; or CSV (RFC 4180) with a header line. In CSV, labels are key=value separated by semicolons, \
            error.data is left out, and a text that begins with =, +, -, @, a tab or a line break has an apostrophe before it, so that \
            no spreadsheet takes it for a formula. A stream that was cut is not complete: it has no end in the sense of HTTP. At most \
            \(Limits.concurrentExports) exports of a tenant are served at the same time.
            """,
        parameters: RunExportParameters.parameters,
        responses: [
            EndpointResponse(
                200, "The runs.", RunExportFormat.allCases.map { MediaContent($0.mediaType, .text) },
                headers: [.contentDisposition])
        ],
        otherErrors: [.notAcceptable])

    public static let statistics = Endpoint(
        "countDeletedRuns", .get, "/api/workflow/statistics", .policy(.viewer), tag: .runs,
        summary: "Counts runs that retention deleted, by day, state, type, workflow and attribution.",
        details: """
            The numbers and runtimes of deleted runs, from creation to end. Runs that still exist are not counted here; countRuns \
            counts those. A day is that of the creation of the runs, in UTC. Groups of the newest days come first, then those with \
            most runs. A request reads at most \(StatisticsQuery.mostRead) statistics, those of the newest days. When complete is \
            false, older days or further groups are missing: ask for a shorter window or fewer members.
            """,
        parameters: StatisticsQueryParameters.parameters,
        responses: [.json("The numbers and runtimes of deleted runs.", "RunStatistics")])

    public static let start = Endpoint(
        "startRun", .post, "/api/workflow/runs", .policy(.operator), tag: .runs,
        summary: "Starts a run of a configuration.",
        details: "A run that was answered with 201 survives any crash.",
        parameters: [HeaderParameter.idempotencyKey],
        body: .json("StartRequest", upTo: Limits.startBody),
        responses: [.created("The run as it was accepted: scheduled, and no task instances yet.", "VerboseRun")],
        otherErrors: [.conflict, .keyMismatch])

    public static let show = Endpoint(
        "showRun", .get, "/api/workflow/runs/{id}", .policy(.viewer), tag: .runs,
        summary: "Shows a run.",
        parameters: [id, view, HeaderParameter.ifNoneMatch],
        responses: [
            .json(
                "The run. The overview has only the members that are required here and ended_at.", "ShownRun", headers: [.entityTag]
            )
        ])

    public static let stop = Endpoint(
        "stopRun", .post, "/api/workflow/runs/{id}/stop", .policy(.operator), tag: .runs,
        summary: "Asks a run to stop.",
        details: """
            Needs no body. Changes nothing for a run that is stopping or has ended: the first request counts, with its reason. A body that \
            does not begin with a brace is ignored.
            """,
        parameters: [id],
        body: RequestBody([.json("StopRequest")], isRequired: false, upTo: Limits.stopBody, otherTypeError: .invalid),
        responses: [.json("The run as it is now.", "VerboseRun")])

    public static let rerun = Endpoint(
        "rerun", .post, "/api/workflow/runs/{id}/rerun", .policy(.operator), tag: .runs,
        summary: "Reruns a run that has ended.",
        details: """
            The body may be left out. Starts a run in the same run mode and for the same range. From failure, tasks that succeeded, \
            and need nothing that is run again, are kept with their outputs: kept_from names the run in which they succeeded.
            """,
        parameters: [id, HeaderParameter.idempotencyKey],
        body: .json("RerunRequest", isRequired: false, upTo: Limits.rerunBody),
        responses: [.created("The new run as it was accepted: scheduled, and no task instances yet.", "VerboseRun")],
        otherErrors: [.conflict, .keyMismatch])

    public static let output = Endpoint(
        "readRunOutput", .get, "/api/workflow/runs/{id}/output", .policy(.viewer), tag: .runs,
        summary: "Reads the output of a run's tasks.",
        details: """
            In the order of the tasks: of each the newest attempt, unless another one is asked for. At most 1 MiB of output an \
            answer: the whole output of some tasks, or a part of one. Tasks without output are left out. With timestamps or stream, the \
            text differs from what was printed; from and next still count the bytes that were printed.
            """,
        parameters: [id, attempt, PageParameters.nextToken, TaskEndpoints.timestamps, TaskEndpoints.stream],
        responses: [.json("A page of output.", "RunOutput")])
}
