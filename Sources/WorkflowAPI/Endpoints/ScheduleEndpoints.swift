import HTTPTypes
public import WorkflowModel

/// Schedules of a configuration: their ticks to come and past, and runs for past ticks.
public enum ScheduleEndpoints {
    public static let all = [preview, backfill, ticks]

    public static let schedule = QueryParameter.text("schedule", "The id of a schedule: only its ticks.")
    public static let from = QueryParameter.timestamp("from", "The earliest time of the ticks; now where it is missing.")
    public static let to = QueryParameter.timestamp("to", "Only ticks before this time.")
    public static let next = QueryParameter.integer(
        "next", "How many ticks of each schedule. Ticks that a change of the clocks skips are not counted.",
        in: ScheduleForecast.limits, default: ScheduleForecast.defaultLimit)

    public static let preview = Endpoint(
        "previewSchedules", .get, "/api/workflow/configs/{id}/schedule", .policy(.viewer), tag: .configurations,
        summary: "Shows when the schedules of a configuration fire.",
        details: "Of the current version, paused or not. Notes on ticks tell changes of the clocks that move, skip or double them.",
        parameters: [ConfigurationEndpoints.id, schedule, from, to, next],
        responses: [.json("The schedules, in the order of the configuration.", "ScheduleForecastList")])

    public static let backfill = Endpoint(
        "backfillTick", .post, "/api/workflow/configs/{id}/backfill", .policy(.operator), tag: .configurations,
        summary: "Starts the run of a past tick, unless it has one.",
        details: """
            A tick has one run, however often the request is sent. With again_before, a tick whose run was created before that time and \
            has ended gets a new run: with the run mode, range and labels of that run, all of its tasks, the current version, and \
            rerun_of. The new run is the tick's run from then on. Repeated with the same time, the request starts it once; decided_at \
            in an answer is a time for that. A run under way is left alone. With dry_run, nothing starts.
            """,
        parameters: [ConfigurationEndpoints.id],
        body: .json("BackfillRequest", upTo: Limits.startBody),
        responses: [
            .json("The tick has its run, or its schedule is about to start it; or the answer to a dry run.", "BackfillAnswer"),
            .created("The run of the tick is started.", "BackfillAnswer"),
        ],
        otherErrors: [.conflict])

    public static let ticks = Endpoint(
        "listTicks", .get, "/api/workflow/configs/{id}/ticks", .policy(.viewer), tag: .configurations,
        summary: "Lists the ticks of a configuration's schedules with their outcomes.",
        details: """
            Newest first, by the time that a tick is scheduled for. Every tick has one outcome. Ticks outlive their configuration for \
            as long as retention lets them.
            """,
        parameters: [ConfigurationEndpoints.id] + TickQueryParameters.parameters + [HeaderParameter.ifNoneMatch],
        responses: [.json("A page of ticks.", "TickList", headers: [.entityTag])])
}
