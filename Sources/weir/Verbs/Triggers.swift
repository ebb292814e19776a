import ArgumentParser
import WorkflowAPI
import WorkflowClient
import WorkflowModel

struct Triggers: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lists the events of a workflow's triggers and their outcomes, newest first.",
        discussion: """
            An event is the end of a run that a trigger comes after, or a call of a webhook. Each has one outcome: started, refused, \
            paused, cut (a loop), failed, or waiting.

            EXAMPLE
              weir triggers cg-report
              weir triggers cg-report --all --json
            """)

    @Argument(
        help: ArgumentHelp("Id of the configuration.", valueName: "config-id"), completion: .custom(ServiceCompletion.workflows))
    var id: String

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Events at this time or later.", valueName: "time"),
        transform: Reading.timestamp)
    var from: Timestamp?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Events before this time.", valueName: "time"), transform: Reading.timestamp)
    var to: Timestamp?

    @Option(
        help: "Events per page, 1 to 1000. (default: 100; 1000 with --all)", transform: Reading.number(RunQuery.limits))
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
        var firings: [TriggerFiring] = []
        var token: String?
        repeat {
            let page = try await client.firings(
                of: id, window: TimeWindow(from: from, to: to), limit: limit ?? (all ? RunQuery.limits.upperBound : nil),
                nextToken: token)
            firings += page.firings
            token = page.nextToken
        } while all && token != nil
        if output.json {
            try console.print(FiringPrinter.json(firings, hasMore: token != nil))
        } else if firings.isEmpty {
            console.note("No trigger has fired yet.")
        } else {
            try console.print(FiringPrinter.table(firings, width: console.outputWidth).text())
            if token != nil { console.note("More events exist. Use --all, or --to for events before a time.") }
        }
    }
}
