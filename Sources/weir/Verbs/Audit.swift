import ArgumentParser
import WorkflowAPI
import WorkflowClient
import WorkflowModel

struct Audit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lists and exports the audit log: what persons and keys have done.",
        discussion: """
            The newest events come first. Every change is an event: sign-ins, keys, tokens, workflows, starts, stops, receivers, views, \
            settings, imports, retention. Needs a key with the policy admin. --format ndjson and csv print all events of the window. \
            weir check --audit verifies that no event was changed.

            EXAMPLE
              weir audit --from today
              weir audit --from 2024-04 --to 2024-05 --format csv > april.csv
            """)

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Events at this time or later.", valueName: "time"),
        transform: Reading.timestamp)
    var from: Timestamp?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Events before this time.", valueName: "time"), transform: Reading.timestamp)
    var to: Timestamp?

    @Option(
        help: "Events per page, 1 to 1000. (default: 100; 1000 with --all)", transform: Reading.number(AuditQuery.limits))
    var limit: Int?

    @Option(help: ArgumentHelp("Token of the previous page, to get the next one.", valueName: "token"))
    var nextToken: String?

    @Flag(help: "Fetch all pages.")
    var all = false

    @Option(help: "Form of the list. ndjson and csv have all events. (default: table)")
    var format: ListFormat?

    @Flag(help: "The same as --format json.")
    var json = false

    @OptionGroup var client: ClientOptions

    private var chosen: ListFormat { format ?? (json ? .json : .table) }

    func validate() throws {
        if let from, let to, to < from { throw ValidationError("--to is before --from.") }
        if json, chosen != .json { throw ValidationError("--json and --format \(chosen.rawValue) differ. Omit one of them.") }
        if all, nextToken != nil { throw ValidationError("--all begins with the first page. Omit --next-token.") }
        if chosen.export != nil, limit != nil || nextToken != nil {
            throw ValidationError("An export has all events of the window. Omit --limit and --next-token.")
        }
    }

    func run() async throws {
        let client = try client.client()
        let console = Console.standard
        if let format = chosen.export { return try await export(as: format, client, console) }
        var events: [AuditEvent] = []
        var token = nextToken
        repeat {
            let page = try await client.auditEvents(
                window: TimeWindow(from: from, to: to), limit: limit ?? (all ? AuditQuery.limits.upperBound : 100), nextToken: token
            )
            events += page.events
            token = page.nextToken
        } while all && token != nil
        if chosen == .json {
            try console.print(JSONOutput.text(AuditEventPage(events: events).document(nextToken: token)))
        } else if events.isEmpty {
            console.note("No event in this window.")
        } else {
            try console.print(AuditPrinter.table(events, width: console.outputWidth))
            if let token { console.note("More events exist. Use --all, or --next-token \(token)") }
        }
    }

    /// Page by page, so that a long log takes no memory.
    private func export(as format: RunExportFormat, _ client: WorkflowClient, _ console: Console) async throws {
        var token: String?
        var isFirst = true
        repeat {
            let page = try await client.auditEvents(window: TimeWindow(from: from, to: to), nextToken: token)
            let text = AuditPrinter.export(page.events, as: format, isFirst: isFirst)
            if !text.isEmpty { try console.write(text) }
            token = page.nextToken
            isFirst = false
        } while token != nil
    }
}
