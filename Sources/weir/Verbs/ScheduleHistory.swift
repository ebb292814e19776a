import ArgumentParser
import WorkflowAPI
import WorkflowClient
import WorkflowModel

struct ScheduleHistory: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Lists what became of the ticks of a configuration's schedules, newest first.",
        discussion: """
            Every tick has one outcome: started, skipped, merged into another one, missed, or waiting.

            EXAMPLE
              weir schedule history cg-daily
              weir schedule history cg-daily --schedule nightly --from 2026-11 --all --json
            """)

    @Argument(help: ArgumentHelp("The configuration.", valueName: "config-id"))
    var id: String

    @Option(help: "Of this schedule only.")
    var schedule: String?

    @Option(help: ArgumentHelp("Ticks at this time or later.", valueName: "time"), transform: Reading.timestamp)
    var from: Timestamp?

    @Option(help: ArgumentHelp("Ticks before this time.", valueName: "time"), transform: Reading.timestamp)
    var to: Timestamp?

    @Option(
        help: "Ticks in a page, 1 to 1000. (default: 100; 1000 with --all)", transform: Reading.number(TickQueryParameters.limits))
    var limit: Int?

    @Flag(help: "Walk all pages.")
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
                limit: limit ?? (all ? TickQueryParameters.limits.upperBound : nil), nextToken: token)
            ticks += page.ticks
            token = page.nextToken
        } while all && token != nil
        if output.json {
            console.print(TickPrinter.json(ticks, hasMore: token != nil))
        } else if ticks.isEmpty {
            console.note("No tick has been due yet; weir schedule preview \(id) says when the next ones are.")
        } else {
            console.print(TickPrinter.table(ticks, width: console.outputWidth).text())
            if token != nil { console.note("There are older ones: ask with --all, or --to for those before a time.") }
        }
    }
}
