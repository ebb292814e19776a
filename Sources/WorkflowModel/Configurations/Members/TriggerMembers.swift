/// The members of an entry of `triggers`.
enum TriggerMembers {
    static let after = Member(
        "after", .id, "The id of another workflow. The end of each of its runs is an event of the trigger.", example: "cg-sources")
    static let on = DefaultedMember(
        "on", .choices(of: TriggerEnd.self), default: [.succeeded],
        "The ends of its runs that count. `any` includes runs that were stopped.", example: "[succeeded, failed]")
    static let webhook = Member(
        "webhook", .secretName,
        "The name of a webhook, unique in the configuration. Another system posts JSON to `/hooks/TENANT/CONFIGURATION/NAME`.",
        example: "orders-arrived")
    static let secret = Member(
        "secret", .secretName, otherwise: "the name of the webhook", "The tenant's secret that signs the calls of the webhook.",
        example: "orders-hook")
    static let runMode = Member(
        "run_mode", .choice(of: RunMode.self), otherwise: "the configuration's `run_mode`",
        "The mode of the trigger's runs. At least one stage with tasks takes part in it.", example: "refresh")
    static let range = DefaultedMember(
        "range", .choice(of: WorkflowTrigger.Range.self), default: .none,
        "With `trigger`, runs get the range of the run that has ended.", example: "trigger")
    static let parameters = Member(
        "parameters", .node(.map(names: .parameter, values: .anything, count: ParameterLimits.count)),
        otherwise: "the defaults of the parameters",
        "The parameters of the trigger's runs. `${trigger.parameters.day}`, `${trigger.body.day}` and other values of the event can be named.",
        example: "{day: \"${trigger.body.day}\"}")

    static let mapping = ConfigurationMapping(
        "trigger", example: "{after: cg-sources, on: [succeeded]}",
        "An event that starts the workflow: the end of a run of another workflow, or a call of a webhook.",
        [after, on, webhook, secret, runMode, range, parameters],
        rules: [
            .exactlyOne([after.name, webhook.name]), .needs(on.name, after.name), .needs(range.name, after.name),
            .needs(secret.name, webhook.name),
        ])
}
