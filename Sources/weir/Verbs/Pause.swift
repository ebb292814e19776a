import ArgumentParser
import WorkflowAPI
import WorkflowClient
import WorkflowModel

struct Pause: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Pauses the schedules and triggers of a workflow, without a new version of it.",
        discussion: """
            Until the end of the pause, ticks are recorded as skipped and events of triggers as paused, with the reason. Runs under \
            way continue. weir start and weir backfill still start runs. Pausing a paused workflow replaces reason and end.

            EXAMPLE
              weir pause cg-daily --reason 'the warehouse is being migrated' --until 6h
              weir resume cg-daily
            """)

    @Argument(
        help: ArgumentHelp("Id of the configuration.", valueName: "config-id"), completion: .custom(ServiceCompletion.workflows))
    var configurationID: String

    @Option(
        help: ArgumentHelp("Why. It is recorded with every skipped tick and every event of a trigger.", valueName: "text"),
        transform: Reading.reason)
    var reason: String

    @Option(
        help: ArgumentHelp(
            "The end of the pause: a time from now such as 6h, tomorrow, or a date-time. (default: until weir resume)",
            valueName: "time"),
        transform: Reading.timeToCome)
    var until: Timestamp?

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = Console.standard
        let paused = try await client.client().pause(configurationID, reason: reason, until: until)
        if output.json { return try console.print(JSONOutput.text { $0.configuration(paused) }) }
        let end = until.map { "until \(HumanText.time($0))" } ?? "until weir resume \(paused.id)"
        console.note("\(paused.id) is paused \(end). Its schedules and triggers start no runs.")
    }
}

struct Resume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Ends the pause of a workflow.",
        discussion: """
            Its schedules and triggers start runs again. Ticks that were skipped stay skipped; weir backfill starts their runs. Events of \
            triggers stay paused. Resuming a workflow that is not paused changes nothing.

            EXAMPLE
              weir resume cg-daily
            """)

    @Argument(
        help: ArgumentHelp("Id of the configuration.", valueName: "config-id"), completion: .custom(ServiceCompletion.workflows))
    var configurationID: String

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = Console.standard
        let resumed = try await client.client().resume(configurationID)
        if output.json { return try console.print(JSONOutput.text { $0.configuration(resumed) }) }
        console.note("\(resumed.id) is not paused. Its schedules and triggers start runs.")
    }
}
