/// The members of a configuration.
enum WorkflowMembers {
    static let id = Member(
        "id", .id, isRequired: true, "Names the configuration in commands and in the API. Unique in the tenant.",
        example: "cg-daily")
    static let name = Member("name", .name(suchAs: "Daily"), isRequired: true, "The title on pages and in lists.", example: "Daily")
    static let type = Member(
        "type", .name(suchAs: "shop.daily/run"), isRequired: true,
        "The kind of workflow, which lists can be filtered by. An open string.",
        example: "courier.group/run")
    static let runMode = DefaultedMember(
        "run_mode", .choice(of: RunMode.self), default: .full,
        "The mode of a run that names none. At least one stage with tasks takes part in it.", example: "refresh")
    static let labels = Member(
        "labels", .node(.map(names: .labelKey, values: .text(.labelValue), count: RunLabels.most)),
        "Labels of its runs, which lists can be filtered by.", example: "{team: crm, tier: gold}")
    static let parameters = Member(
        "parameters",
        .node(.map(names: .parameter, values: .mapping(ParameterMembers.mapping), count: ParameterLimits.count)),
        "Values that each run is started with. Tasks get them as JSON in `WEIR_PARAMETERS`.",
        example: "{day: {type: date, default: \"${run.range_from}\"}}")
    static let defaults = Member(
        "defaults", .node(.mapping(DefaultsMembers.mapping)), "Values for all tasks that do not have their own.",
        example: "{timeout: 30m, retry: {attempts: 5}}")
    static let warnAfter = Member(
        "warn_after", .duration(), "How long a run may take before the log warns and the alert event `slow` occurs.", example: "2h")
    static let concurrency = Member(
        "concurrency", .whole(in: ConfigurationLimits.concurrency), otherwise: "no limit",
        "How many runs of this configuration go on at once. Further runs wait.", example: "1")
    static let afterStop = DefaultedMember(
        "after_stop", .afterStop, default: ConfigurationLimits.standardAfterStop,
        "How long closing tasks (`when: failure` or `when: always`) may run after the run was stopped. A task that has not ended by then is "
            + "stopped as well. With `0s`, a stop cancels them at once.", example: "5m")
    static let schedule = Member(
        "schedule", .node(.mapping(ScheduleMembers.mapping)), "When the workflow runs by itself.",
        example: "{cron: \"30 6 * * *\", timezone: Europe/London}")
    static let schedules = Member(
        "schedules", .node(.list(of: .mapping(ScheduleMembers.listed), count: 1...ConfigurationLimits.schedules)),
        "Several schedules, each with an `id` of its own.", example: "[{id: nightly, cron: \"30 1 * * *\"}]")
    static let triggers = Member(
        "triggers", .node(.list(of: .mapping(TriggerMembers.mapping), count: 1...TriggerLimits.count)),
        "Other events that start the workflow: ends of runs of other workflows, and calls of webhooks.",
        example: "[{after: cg-sources, on: [succeeded]}]")
    static let alerts = Member(
        "alerts", .node(.list(of: .mapping(AlertMembers.mapping), count: 0...AlertLimits.routes)),
        "Which receivers are told about runs of this configuration.", example: "[{to: ops, on: [failed, slow]}]")
    static let stages = Member(
        "stages",
        .node(
            .list(of: .mapping(StageMembers.mapping), count: 1...ConfigurationLimits.stages),
            accepted: "a list of stages, each with a name and its tasks"),
        isRequired: true,
        "The stages in their order. All stages together have 1 to \(ConfigurationLimits.tasks) tasks.",
        example: "[{name: Sources, tasks: [{id: pull, type: shop.pull, command: [python3, pull.py]}]}]")

    static let mapping = ConfigurationMapping(
        "configuration", example: "{id: daily, name: Daily, type: shop.daily, stages: […]}",
        "A workflow: its stages of tasks, when it runs, and who is alerted.",
        [
            id, name, type, runMode, labels, parameters, defaults, warnAfter, concurrency, afterStop, schedule, schedules,
            triggers, alerts, stages,
        ],
        rules: [.atMostOne([schedule.name, schedules.name])])
}

extension ConfigurationMapping {
    /// The configuration itself: every member of every mapping is below it.
    package static let workflow = WorkflowMembers.mapping
}

/// The members of a stage.
enum StageMembers {
    static let name = Member(
        "name", .name(suchAs: "Sources"), isRequired: true, "Unique in the configuration.", example: "Sources")
    static let runModes = DefaultedMember(
        "run_modes", .choices(of: RunMode.self), default: Set(RunMode.allCases),
        "The run modes in which the stage takes part. In other modes its tasks are skipped.", example: "[refresh, full]")
    static let defaults = Member(
        "defaults", .node(.mapping(DefaultsMembers.mapping)),
        "Values for the tasks of the stage that do not have their own. They go before those of the configuration.",
        example: "{timeout: 2h}")
    static let tasks = Member(
        "tasks", .node(.list(of: .mapping(TaskMembers.mapping), count: 0...ConfigurationLimits.tasks), accepted: "a list of tasks"),
        isRequired: true, "The tasks. They run at the same time unless `needs` orders them.",
        example: "[{id: pull, type: shop.pull, command: [python3, pull.py]}]")

    static let mapping = ConfigurationMapping(
        "stage", example: "{name: Sources, tasks: […]}", "A group of tasks. A stage begins after the tasks of the stage before it.",
        [name, runModes, defaults, tasks])
}

/// The members of an entry of `alerts`.
enum AlertMembers {
    static let to = Member(
        "to", .receiver, isRequired: true, "The receiver, which the tenant has to have.", example: "ops")
    static let on = DefaultedMember(
        "on", .choices(of: AlertEvent.self), default: [.failed], "The events that the receiver is told about.",
        example: "[failed, tick_missed]")
    static let attribution = Member(
        "attribution", .choice(of: Attribution.self), otherwise: "both",
        "Limits `failed` to runs whose failure has this attribution.", example: "platform")

    static let mapping = ConfigurationMapping(
        "alert", example: "{to: ops, on: [failed]}", "One receiver and the events that it is told about.", [to, on, attribution])
}
