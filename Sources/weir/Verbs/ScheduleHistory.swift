import ArgumentParser
import WorkflowAPI
import WorkflowClient
import WorkflowModel

struct ScheduleHistory: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Lists the past ticks of a workflow's schedules and their outcomes, newest first.",
        discussion: """
            Every tick has one outcome: started, skipped, merged into another tick, missed, or waiting.

            EXAMPLE
              weir schedule history cg-daily
              weir schedule history cg-daily --schedule nightly --all --json
            """)

    @Argument(
        help: ArgumentHelp("Id of the configuration.", valueName: "config-id"), completion: .custom(ServiceCompletion.workflows))
    var id: String

    @Option(help: "Only ticks of this schedule.")
    var schedule: String?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Ticks at this time or later.", valueName: "time"), transform: Reading.timestamp
    )
    var from: Timestamp?

    @Option(parsing: .unconditional, help: ArgumentHelp("Ticks before this time.", valueName: "time"), transform: Reading.timestamp)
    var to: Timestamp?

    @Option(
        help: "Ticks per page, 1 to 1000. (default: 100; 1000 with --all)", transform: Reading.number(RunQuery.limits))
    var limit: Int?

    @Flag(help: "Fetch all pages.")
    var all = false

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if let from, let to, to < from { throw ValidationError("--to is before --from.") }
    }

    func run() async throws {
        let client = try client.client()
        let console = Console.standard
        var ticks: [ScheduleTick] = []
        var token: String?
        repeat {
            let page = try await client.ticks(
                of: id, schedule: schedule, window: TimeWindow(from: from, to: to),
                limit: limit ?? (all ? RunQuery.limits.upperBound : nil), nextToken: token)
            ticks += page.ticks
            token = page.nextToken
        } while all && token != nil
        if output.json {
            try console.print(TickPrinter.json(ticks, hasMore: token != nil))
        } else if ticks.isEmpty {
            if let schedule { try await ScheduleLookup.require(schedule, of: id, client) }
            console.note("No tick has been due yet. weir schedule preview \(id) shows the next ones.")
        } else {
            try console.print(TickPrinter.table(ticks, width: console.outputWidth).text())
            if token != nil { console.note("More ticks exist. Use --all, or --to for ticks before a time.") }
        }
    }
}
