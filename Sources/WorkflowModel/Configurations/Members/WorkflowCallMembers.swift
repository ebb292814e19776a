/// The members of `workflow` of a task.
enum WorkflowCallMembers {
    static let config = Member(
        "config", .id, isRequired: true, "The id of the workflow, which has to exist when the task runs.", example: "cg-report")
    static let parameters = Member(
        "parameters", .node(.map(names: .parameter, values: .anything, count: ParameterLimits.count)), otherwise: "none",
        "The parameters of the run. Their texts can hold `${…}`, but no secrets; a text that is one expression becomes the value, with its type.",
        example: "{day: \"${parameters.day}\"}")
    static let runMode = Member(
        "run_mode", .choice(of: RunMode.self), otherwise: "the `run_mode` of that workflow", "The mode of the run.", example: "full"
    )

    static let mapping = ConfigurationMapping(
        "workflow", key: "workflow_call", example: "{config: cg-report, parameters: {day: \"${parameters.day}\"}}",
        "A run of another workflow of the tenant, whose end the task waits for without holding a worker. A stop stops it, too. Its failure fails the "
            + "task, with the same attribution. At most \(WorkflowCall.deepest) calls lead to a run, and no workflow calls itself.",
        [config, parameters, runMode])
}
