import ArgumentParser
import WorkflowAPI
import WorkflowClient
import WorkflowModel

struct Runs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lists runs, newest first.",
        discussion: """
            Times are ISO 8601 in UTC and may be partial: 2024-04 means its first instant. A window includes its beginning and not
            its end.

            EXAMPLE
              weir runs --state failed --created-from 2024-04-01 --limit 12
              weir runs --all --json
            """)

    @Option(help: ArgumentHelp("Created at this time or later.", valueName: "time"), transform: Reading.timestamp)
    var createdFrom: Timestamp?

    @Option(help: ArgumentHelp("Created before this time.", valueName: "time"), transform: Reading.timestamp)
    var createdTo: Timestamp?

    @Option(help: ArgumentHelp("Ended at this time or later.", valueName: "time"), transform: Reading.timestamp)
    var endedFrom: Timestamp?

    @Option(help: ArgumentHelp("Ended before this time.", valueName: "time"), transform: Reading.timestamp)
    var endedTo: Timestamp?

    @Option(help: "In this state only: scheduled, started, in-progress, ….", transform: Reading.state)
    var state: WorkflowState?

    @Option(help: "Of this type only, such as courier.group/run.")
    var type: String?

    @Option(
        help: "Runs in a page, 1 to 1000. (default: 100; 1000 with --all)",
        transform: Reading.number(RunQuery.limits))
    var limit: Int?

    @Option(help: ArgumentHelp("Go on after the page that ended with this token.", valueName: "token"))
    var nextToken: String?

    @Flag(help: "Count everything that matches.")
    var withTotal = false

    @Flag(help: "Walk all pages.")
    var all = false

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if all, nextToken != nil {
            throw ValidationError("--all begins with the first page: leave --next-token out.")
        }
        for (name, from, to) in [("created", createdFrom, createdTo), ("ended", endedFrom, endedTo)] {
            if let from, let to, to < from { throw ValidationError("--\(name)-to is before --\(name)-from.") }
        }
    }

    func run() async throws {
        let client = try client.client()
        let printer = RunPrinter(console: .standard, json: output.json)
        var token = nextToken
        var isFirst = true
        repeat {
            let page = try await client.runs(
                filter, limit: limit ?? (all ? RunQuery.limits.upperBound : nil), nextToken: token, withTotal: withTotal && isFirst)
            token = page.nextToken
            printer.print(page, isFirst: isFirst, isLast: token == nil || !all)
            isFirst = false
        } while all && token != nil
    }

    private var filter: RunFilter {
        func window(_ from: Timestamp?, _ to: Timestamp?) -> TimeWindow? {
            from == nil && to == nil ? nil : TimeWindow(from: from, to: to)
        }
        return RunFilter(
            created: window(createdFrom, createdTo), ended: window(endedFrom, endedTo), state: state, type: type)
    }
}
