import ArgumentParser
import WorkflowAPI
import WorkflowClient
import WorkflowModel

struct Schedules: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schedule",
        abstract: "Shows the coming and past ticks of workflows' schedules.",
        discussion: """
            EXAMPLE
              weir schedule preview cg-daily
              weir schedule history cg-daily
            """,
        subcommands: [SchedulePreview.self, ScheduleHistory.self])
}

struct SchedulePreview: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preview",
        abstract: "Shows the coming ticks of a workflow's schedules.",
        discussion: """
            Each tick is shown in the time zone of its schedule and in UTC. A note marks ticks that a daylight saving change moves, \
            skips or repeats.

            EXAMPLE
              weir schedule preview cg-daily --next 5 --from 2027-03-12
            """)

    @Argument(
        help: ArgumentHelp("Id of the configuration.", valueName: "config-id"), completion: .custom(ServiceCompletion.workflows))
    var configurationID: String

    @Option(help: ArgumentHelp("Only this schedule.", valueName: "id"))
    var schedule: String?

    @Option(
        help: ArgumentHelp("Ticks per schedule. (default: 20)", valueName: "count"),
        transform: Reading.number(ScheduleForecast.limits))
    var next = ScheduleForecast.defaultLimit

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Show ticks from this time on. (default: now)", valueName: "time"),
        transform: Reading.timestamp)
    var from: Timestamp?

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = Console.standard
        let forecasts = try await ScheduleLookup.forecasts(
            of: configurationID, schedule: schedule, in: TimeWindow(from: from), limit: next, try client.client())
        if output.json {
            try console.print(JSONOutput.text(ScheduleForecast.listDocument(forecasts)))
        } else if forecasts.isEmpty {
            console.note("The workflow has no schedule. It runs only when it is started.")
        } else {
            try console.print(ScheduleTables.text(forecasts, width: console.outputWidth))
        }
    }
}
