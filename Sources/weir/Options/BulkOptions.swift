import ArgumentParser
import WorkflowClient
import WorkflowModel

/// The runs of a bulk operation: a search with filters, or ids.
struct BulkSelectionOptions: ParsableArguments {
    @OptionGroup var question: RunQuestionOptions

    @Option(
        name: .customLong("run"), help: ArgumentHelp("This run, by its id; may be repeated. Instead of a search.", valueName: "id"),
        transform: Reading.runID)
    var runs: [RunID] = []

    @Flag(help: "All runs of the tenant. Instead of a search.")
    var all = false

    func validate() throws {
        guard runs.count <= BulkLimits.ids else {
            throw ValidationError("--run is given \(runs.count) times. Accepted: at most \(BulkLimits.ids), or a search.")
        }
        let options = try question.filter.filter()
        let hasSearch = !question.search.isEmpty || question.view != nil || options != RunFilter()
        let ways = [hasSearch, !runs.isEmpty, all].count { $0 }
        guard ways > 0 else {
            throw ValidationError("Say which runs: a search or filters, --run ID, or --all for all runs of the tenant.")
        }
        guard ways == 1 else { throw ValidationError("Say in one way which runs: a search and filters, or --run ID, or --all.") }
    }

    func selection(_ client: WorkflowClient) async throws -> BulkSelection {
        guard runs.isEmpty else {
            var known: Set<RunID> = []
            return .runs(runs.filter { known.insert($0).inserted })
        }
        let filter = try await question.question(client).filter
        guard all || filter != RunFilter() else {
            throw CommandFailure(.usage, "The search matches all runs of the tenant. Narrow it, or say --all.")
        }
        return .filter(filter)
    }
}

/// How a bulk operation is requested and followed.
struct BulkOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Runs in a second, at most. (default: \(BulkLimits.usualRate))", valueName: "count"),
        transform: Reading.number(BulkLimits.rates))
    var perSecond = BulkLimits.usualRate

    @Option(
        help: ArgumentHelp("Refuse unless this many runs match.", valueName: "count"),
        transform: Reading.number(0...BulkLimits.runs))
    var expect: Int?

    @Flag(help: "Preview only: count the runs and change nothing.")
    var dryRun = false

    @Flag(help: "Do not ask. Needed without a terminal, as in a script.")
    var yes = false

    @Flag(help: "Do not wait for the end.")
    var noWait = false
}

/// The reason of a bulk operation that keeps one on each run.
struct BulkReasonOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Why. Each run says so.", valueName: "text"), transform: Reading.reason)
    var reason: String?

    var text: ExactText? { reason.map { ExactText($0) } }
}

/// The options that every verb has that requests a bulk operation, behind its own.
struct BulkRequestOptions: ParsableArguments {
    @OptionGroup(title: "Bulk") var options: BulkOptions
    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    func run(_ action: BulkAction, on selection: BulkSelectionOptions) async throws {
        let client = try client.client()
        try await BulkRequesting(action: action, options: options, output: output, client: client)
            .run(try await selection.selection(client))
    }
}
