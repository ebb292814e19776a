import ArgumentParser
import WorkflowAPI
import WorkflowClient
import WorkflowModel

struct BulkList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists bulk operations, newest first.",
        discussion: """
            EXAMPLE
              weir bulk list --limit 5
            """)

    @Option(help: "Operations, 1 to 1000. (default: 20)", transform: Reading.number(RunQuery.limits))
    var limit = 20

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = Console.standard
        let page = try await client.client().bulkOperations(limit: limit)
        if output.json {
            try console.print(JSONOutput.list(page.operations) { $0.bulkOperation($1, withRuns: false) })
        } else if page.operations.isEmpty {
            console.note("No bulk operation yet.")
        } else {
            try console.print(BulkTables.operations(page.operations, width: console.outputWidth).text())
        }
    }
}

struct BulkShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows a bulk operation and what it did with its runs.",
        discussion: """
            EXAMPLE
              weir bulk show bo-20240619-14574-6kyYdY --receipts --outcome refused
            """)

    @Argument(help: ArgumentHelp("Id of the operation."), transform: Reading.bulkID)
    var id: BulkID

    @Flag(help: "List the receipts of its runs instead.")
    var receipts = false

    @Option(
        help: ArgumentHelp("Only receipts with this outcome: done, unchanged or refused.", valueName: "outcome"),
        completion: .list(BulkOutcome.allCases.map(\.rawValue)), transform: Reading.bulkOutcome)
    var outcome: BulkOutcome?

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if outcome != nil, !receipts { throw ValidationError("--outcome selects receipts. Add --receipts.") }
    }

    func run() async throws {
        let console = Console.standard
        let client = try client.client()
        guard receipts else {
            let operation = try await client.bulkOperation(id)
            return try console.print(
                output.json
                    ? JSONOutput.text(operation.document) : BulkTables.facts(operation, width: console.outputWidth))
        }
        var all: [BulkReceipt] = []
        var token: String?
        repeat {
            let page = try await client.receipts(of: id, outcome, limit: RunQuery.limits.upperBound, nextToken: token)
            all += page.receipts
            token = page.nextToken
        } while token != nil
        if output.json {
            try console.print(JSONOutput.list(all) { $0.bulkReceipt($1) })
        } else if all.isEmpty {
            console.note("No receipt.")
        } else {
            try console.print(BulkTables.receipts(all, width: console.outputWidth).text())
        }
    }
}

struct BulkAbort: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "abort",
        abstract: "Ends a bulk operation.",
        discussion: """
            It acts on no further run. Runs that it came to stay as they are.

            EXAMPLE
              weir bulk abort bo-20240619-14574-6kyYdY
            """)

    @Argument(help: ArgumentHelp("Id of the operation."), transform: Reading.bulkID)
    var id: BulkID

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let operation = try await client.client().abort(id)
        if output.json { return try Console.standard.print(JSONOutput.text(operation.document)) }
        Console.standard.note(operation.sentence)
    }
}
