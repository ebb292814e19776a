/// The members of a task.
enum TaskMembers {
    static let id = Member(
        "id", .id, isRequired: true, "Names the task in `needs`, commands and the API. Unique in the configuration.",
        example: "pull-orders")
    static let label = Member(
        "label", .name(suchAs: "Pull orders"), otherwise: "the `id`", "The task's title on pages.", example: "Pull orders")
    static let type = Member(
        "type", .name(suchAs: "shop.pull"), isRequired: true, "The kind of task. An open string.", example: "courier.pull")
    static let when = DefaultedMember(
        "when", .choice(of: TaskCondition.self), default: .success,
        "With `success`, the task runs after all that it needs has succeeded. `failure` and `always` make it a closing task, which "
            + "runs after all that it needs has ended, also after a stop. A task with `always` runs in any case. One with `failure` "
            + "runs if a task that it needs, directly or indirectly, failed, or the run was stopped.",
        example: "success")
    static let gate = Member(
        "if", .condition, otherwise: "the task runs",
        "Whether the task runs, decided when it becomes ready: comparisons, `and`, `or`, `not` and `in` of `${…}` and literals. If it is false, "
            + "the task is skipped, its outputs are `{}`, and the tasks that need it go on.",
        example: "\"${outputs.check.rows} > 0 and ${parameters.region} in ['eu', 'us']\"")
    static let needs = Member(
        "needs", .node(.list(of: .text(.id), count: 0...ConfigurationLimits.tasks)),
        otherwise:
            "all tasks of the stage before; for a closing task, all tasks of its own and earlier stages; without closing tasks",
        "The tasks that have to succeed first, in the same or an earlier stage. With `[]` the task starts at once. A closing task "
            + "needs at least one task, and only closing tasks can need it.",
        example: "[pull-orders]")
    static let forEach = Member(
        "for_each", .node(.items),
        otherwise: "the task runs once",
        "A list, or one expression that names a list: an output of a task that it needs, or a parameter of the type `json`. The task runs "
            + "once for each item, \(FanOutLimits.items) at most. The item is `${item}` in its texts, and JSON in `WEIR_ITEM`. Its outputs are "
            + "`{items: […]}` with those of the items in their order.",
        example: "[eu, us]")
    static let maxParallel = Member(
        "max_parallel", .whole(in: FanOutLimits.parallel), otherwise: "all of them",
        "How many items run at the same time at most.", example: "8")
    static let failFast = DefaultedMember(
        "fail_fast", .flag, default: false,
        "With `true`, the first item that fails ends the others. Otherwise they go on, and the task fails when the last one has ended.",
        example: "true")
    static let command = Member(
        "command", .node(.list(of: .text(.argument), count: 1...ConfigurationLimits.commandItems)),
        "A program and its arguments, which can hold `${…}`. No shell is involved. At most \(ConfigurationLimits.commandBytes / 1_024) KiB "
            + "together, also with values.",
        example: "[python3, pull_orders.py]")
    static let env = Member(
        "env",
        .node(.map(names: .variable, values: .text(.argument), count: ExpressionLimits.variables)),
        "Variables in the environment of the command, which can hold `${…}`. They are added to those of `defaults`, and replace them by name.",
        example: "{REGION: \"${parameters.region}\"}")
    static let http = Member(
        "http", .node(.mapping(HTTPMembers.mapping)), "An HTTP call.", example: "{url: \"https://shop.example/hook\"}")
    static let workflow = Member(
        "workflow", .node(.mapping(WorkflowCallMembers.mapping)),
        "A run of another workflow, which the task starts and waits for.", example: "{config: cg-report}")
    static let timeout = Member(
        "timeout", .duration(), otherwise: "no limit; `\(ConfigurationLimits.standardPollTimeout.configurationText)` with `poll`",
        "How long one attempt may take. An attempt that takes longer fails.",
        example: "30m")
    static let retry = Member(
        "retry", .node(.mapping(RetryMembers.mapping)), "Whether and when the task is tried again after a failure.",
        example: "{attempts: 5, first_delay: 10s}")
    static let blame = Member(
        "blame",
        .node(.map(names: .ending, values: .choice(Attribution.allCases.map(\.rawValue)), count: nil)),
        "The attribution of an ending, where it differs from the convention.", example: "{65: customer, timeout: platform}")
    static let grace = Member(
        "grace", .duration(allowingZero: true), otherwise: "the service's `--grace`",
        "How long a command may take to end after SIGTERM, before SIGKILL.", example: "30s")
    static let uses = Member(
        "uses",
        .node(
            .map(names: .resource, values: .whole(TenantSettings.resourceUnits), count: ConfigurationLimits.resourcesUsed)),
        "Units of the tenant's resources that the task holds while it runs. A task that does not fit waits.",
        example: "{warehouse: 1}")

    static let mapping = ConfigurationMapping(
        "task", example: "{id: pull, type: shop.pull, command: [python3, pull.py]}",
        "One step of a workflow: a command, an HTTP call or a run of another workflow.",
        [
            id, label, type, when, gate, needs, forEach, maxParallel, failFast, command, env, http, workflow, timeout, retry, blame,
            grace, uses,
        ],
        rules: [
            .exactlyOne([command.name, http.name, workflow.name]), .needs(grace.name, command.name), .needs(env.name, command.name),
            .needs(maxParallel.name, forEach.name), .needs(failFast.name, forEach.name),
        ])
}

/// The members of `defaults`.
enum DefaultsMembers {
    static let mapping = ConfigurationMapping(
        "defaults", example: "{timeout: 30m, env: {LANG: C.UTF-8}}",
        "Values for tasks that do not have their own. A task goes before its stage, and the stage before the configuration: for `timeout`, "
            + "`retry` and `grace` as a whole, for `env` and `uses` name by name. `env` and `grace` are for commands. Expressions in `env` can name "
            + "`parameters` and `run`.",
        [TaskMembers.timeout, TaskMembers.retry, TaskMembers.grace, TaskMembers.env, TaskMembers.uses])
}

/// The members of `retry`.
enum RetryMembers {
    private static let standard = RetryPolicy.standard

    static let attempts = DefaultedMember(
        "attempts", .whole(in: ConfigurationLimits.attempts), default: standard.attempts,
        "Attempts in all, the first one included.",
        example: "5")
    static let firstDelay = DefaultedMember(
        "first_delay", .duration(allowingZero: true), default: standard.firstDelay,
        "The delay before the second attempt. Half of each delay is random.", example: "10s")
    static let factor = DefaultedMember(
        "factor", .decimal(in: ConfigurationLimits.retryFactor), default: standard.factor,
        "Multiplies the delay after each further attempt.", example: "1.5")
    static let maxDelay = Member(
        "max_delay", .duration(allowingZero: true),
        otherwise: "`\(standard.maxDelay.configurationText)`, or `first_delay` where that is longer",
        "The longest delay. Not shorter than `first_delay`.", example: "5m")
    static let on = DefaultedMember(
        "on", .choices(of: Attribution.self), default: standard.retries, "The attributions of failures that are tried again.",
        example: "[platform, customer]")

    static let mapping = ConfigurationMapping(
        "retry", example: "{attempts: 3, first_delay: 5s}", "Whether and when a failed task is tried again.",
        [attempts, firstDelay, factor, maxDelay, on])
}
