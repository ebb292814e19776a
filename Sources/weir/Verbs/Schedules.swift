import ArgumentParser
import WorkflowAPI
import WorkflowClient
import WorkflowModel

struct Schedules: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schedule",
        abstract: "Shows when workflows run by themselves, and what became of it.",
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
            Each in the zone of its schedule and in UTC, with a word where a change of the clocks moves, skips or doubles it.

            EXAMPLE
              weir schedule preview cg-daily --next 5 --from 2027-03-12
            """)

    @Argument(help: ArgumentHelp("The id of the configuration.", valueName: "config-id"))
    var configurationID: String

    @Option(help: ArgumentHelp("That schedule only.", valueName: "id"))
    var schedule: String?

    @Option(
        help: ArgumentHelp("How many ticks of each schedule. (default: 20)", valueName: "count"),
        transform: Reading.number(ScheduleForecast.limits))
    var next = ScheduleForecast.defaultLimit

    @Option(help: ArgumentHelp("Where to begin. (default: now)", valueName: "time"), transform: Reading.timestamp)
    var from: Timestamp?

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = Console.standard
        let forecasts = try await client.client().schedules(
            of: configurationID, schedule: schedule, in: TimeWindow(from: from), limit: next)
        if output.json {
            console.print(JSONOutput.text(ScheduleForecast.listDocument(forecasts)))
        } else if forecasts.isEmpty {
            console.note("The configuration has no schedule; it runs when somebody starts it.")
        } else {
            console.print(forecasts.map { ScheduleTables.text($0, width: console.outputWidth) }.joined(separator: "\n\n"))
        }
    }
}
