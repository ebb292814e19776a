/// The members of a schedule.
enum ScheduleMembers {
    static let id = DefaultedMember(
        "id", .id, default: Schedule.defaultID, "Names the schedule in ticks and commands.", example: "nightly")
    /// The id of one of several schedules.
    static let listedID = Member(
        "id", .id, isRequired: true, "Names the schedule in ticks and commands. Unique in the configuration.", example: "nightly")
    static let cron = Member(
        "cron", .cron, isRequired: true,
        "Five fields (minute, hour, day of the month, month, weekday), or one of `@hourly`, `@daily`, `@weekly`, `@monthly` and `@yearly`.",
        example: "\"30 6 * * mon-fri\"")
    static let timezone = Member(
        "timezone", .zone, otherwise: "`\(Schedule.defaultZone)`", "The zone by whose clocks the expression goes.",
        example: "Europe/London")
    static let catchUp = DefaultedMember(
        "catch_up", .choice(of: Schedule.CatchUp.self), default: .last,
        "Which ticks still run after no service was running at their time: none, the last one, or all.", example: "all")
    static let catchUpLimit = DefaultedMember(
        "catch_up_limit", .whole(in: ConfigurationLimits.catchUp), default: Schedule.defaultCatchUpLimit,
        "How many ticks `all` catches up with: the newest ones.", example: "7")
    static let window = Member(
        "window", .duration(), otherwise: "no limit", "The greatest age of a tick that still runs. Older ticks are missed.",
        example: "12h")
    static let overlap = DefaultedMember(
        "overlap", .choice(of: Schedule.Overlap.self), default: .skip,
        "The effect of a tick while an earlier run of the schedule goes on: no run, a run after it, or a run beside it.",
        example: "queue")
    static let starts = Member("starts", .instant, "The first instant at which a tick can be.", example: "2026-11-01T06:30-08:00")
    static let ends = Member(
        "ends", .instant, "The instant from which on there are no ticks. Later than `starts`.", example: "2027-01-01")
    static let paused = DefaultedMember(
        "paused", .flag, default: false, "A paused schedule starts no runs. Its ticks are recorded as skipped.", example: "true")
    static let runMode = Member(
        "run_mode", .choice(of: RunMode.self), otherwise: "the configuration's `run_mode`",
        "The mode of the schedule's runs. At least one stage with tasks takes part in it.", example: "refresh")
    static let range = DefaultedMember(
        "range", .choice(of: Schedule.Range.self), default: .none,
        "With `period`, runs get `range_from` and `range_to`: from the previous tick up to their own.", example: "period")

    static let parameters = Member(
        "parameters", .node(.map(names: .parameter, values: .anything, count: ParameterLimits.count)),
        otherwise: "the defaults of the parameters",
        "The parameters of the schedule's runs. `${run.range_from}` and other values of the run can be named.",
        example: "{day: \"${run.range_from}\"}")

    static let mapping = form("schedule", id: id)
    /// One of several schedules.
    static let listed = form("listed-schedule", id: listedID)

    private static func form(_ key: String, id: any DescribedMember) -> ConfigurationMapping {
        ConfigurationMapping(
            "schedule", key: key, example: "{cron: \"30 6 * * *\", timezone: Europe/London}", "When the workflow runs by itself.",
            [id, cron, timezone, catchUp, catchUpLimit, window, overlap, starts, ends, paused, runMode, range, parameters],
            rules: [.needsValue(catchUpLimit.name, of: catchUp.name, in: [Schedule.CatchUp.all.rawValue])])
    }
}
