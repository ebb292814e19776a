import ArgumentParser
import WorkflowAPI
import WorkflowClient
import WorkflowModel

struct Runs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lists, counts and exports runs.",
        discussion: """
            Without --sort, the newest runs come first. A search and options can be combined: a run has to match all of them. A term \
            that begins with - excludes. Times are ISO 8601 in UTC and may be partial (2024-04 means its first instant) or relative: \
            today, yesterday, -7d, last monday. A window includes its beginning and not its end.

            A rare combination of filters is searched within a time limit. A page then ends early and says how far the search has \
            come; --all continues to the end.

            --by counts the matching runs by state, type, workflow, attribution, error or principal. --format ndjson and csv export \
            all matching runs; weir import reads ndjson.

            EXAMPLE
              weir runs 'state:failed workflow:cg-daily since:7d "connection reset"'
              weir runs --state failed --created-from 2024-04-01 --limit 12
              weir runs 'state:failed since:7d' --by workflow,attribution
              weir runs 'since:30d' --format csv --output runs.csv
              weir runs --view failed-this-week --all --json
            """)

    @OptionGroup var question: RunQuestionOptions
    @OptionGroup(title: "Order") var sorting: RunSortOptions

    // Counting belongs to the list: after a look at it, the next question is how many of each, and one option more answers it.
    @Option(
        help: ArgumentHelp(
            "Count the runs by these instead: \(RunFacet.accepted), separated by commas; may be repeated.", valueName: "what"),
        completion: .list(RunFacet.allCases.map(\.title)), transform: Reading.facets)
    var by: [[RunFacet]] = []

    @Option(
        help: "Runs per page, 1 to 1000 (default: 100; 1000 with --all), or counted values of each kind, 1 to 100 (default: 20).",
        transform: Reading.number(RunQuery.limits))
    var limit: Int?

    @Option(help: ArgumentHelp("Token of the previous page, to get the next one.", valueName: "token"))
    var nextToken: String?

    @Flag(help: "Count all matching runs.")
    var withTotal = false

    @Flag(help: "Fetch all pages.")
    var all = false

    @OptionGroup(title: "Output") var output: ListOutputOptions
    @OptionGroup var client: ClientOptions

    func validate() throws {
        if all, nextToken != nil {
            throw ValidationError("--all begins with the first page. Omit --next-token.")
        }
        if !by.isEmpty { try checkCount() }
        if output.chosen.export != nil, limit != nil || nextToken != nil || withTotal {
            throw ValidationError("An export has all matching runs. Omit --limit, --next-token and --with-total.")
        }
    }

    private func checkCount() throws {
        if output.chosen.export != nil {
            throw ValidationError("--by prints a table or JSON. Omit --format \(output.chosen.rawValue).")
        }
        if all || nextToken != nil || sorting.sort != nil || sorting.order != nil {
            throw ValidationError("--by counts all matching runs. Omit --all, --next-token, --sort and --order.")
        }
        if let limit, !FacetQuery.limits.contains(limit) {
            throw ValidationError(
                "--limit with --by is \(limit). Accepted: \(FacetQuery.limits.lowerBound) to \(FacetQuery.limits.upperBound) values."
            )
        }
    }

    func run() async throws {
        let client = try client.client()
        let search = try await question.question(client)
        let sort = sorting.sort(of: search)
        guard by.isEmpty else { return try await count(search.filter, client) }
        if let format = output.chosen.export {
            let export = RunExport(filter: search.filter, sort: sort, client: client)
            return try await Interruption.cancelling { [file = output.file] in
                try await export.write(as: format, to: file)
            }
        }
        try await list(search.filter, sort, client)
    }

    private func list(_ filter: RunFilter, _ sort: RunSort?, _ client: WorkflowClient) async throws {
        let order = sort ?? RunSort(by: filter.sortKey)
        let printer = RunPrinter(
            console: .standard, json: output.chosen == .json, sort: order, search: RunSearch(filter, sort: sort).text)
        defer { printer.clear() }
        var token = nextToken
        var isFirst = true
        repeat {
            let page = try await client.runs(
                filter, sort: sort, limit: limit ?? (all ? RunQuery.limits.upperBound : nil), nextToken: token,
                withTotal: withTotal && isFirst)
            token = page.nextToken
            try printer.print(page, isFirst: isFirst, isLast: token == nil || !all)
            isFirst = false
        } while all && token != nil
    }

    private func count(_ filter: RunFilter, _ client: WorkflowClient) async throws {
        let console = Console.standard
        let limit = limit ?? FacetQuery.defaultLimit
        var order: [RunFacet] = []
        for facet in by.flatMap(\.self) where !order.contains(facet) { order.append(facet) }
        let facets = try await client.facets(filter, by: order, limit: limit)
        guard output.chosen == .table else { return try console.print(JSONOutput.text(facets.document)) }
        if facets.total.counted > 0 {
            try console.print(FacetTables.text(facets, in: order, limit: limit, width: console.outputWidth))
        }
        console.note(FacetTables.sentence(facets.total, hasWindow: filter.created != nil || filter.ended != nil))
    }
}
