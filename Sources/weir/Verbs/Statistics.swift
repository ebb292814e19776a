import ArgumentParser
import WorkflowAPI
import WorkflowClient
import WorkflowModel

struct Statistics: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Counts runs that retention deleted.",
        discussion: """
            Shows what remains of deleted runs: their number, and their mean and longest duration, by the UTC day on which they \
            were created. Runs that still exist are not counted; weir runs --by counts those. Times are ISO 8601 in UTC and may be \
            partial or relative, as with weir runs.

            EXAMPLE
              weir statistics --from 2024-01 --to 2024-02
              weir statistics --by state,attribution --from 2024
              weir statistics --by workflow --state failed
            """)

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Only days that begin at this time or later.", valueName: "time"),
        transform: Reading.timestamp)
    var from: Timestamp?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Only days that begin before this time.", valueName: "time"),
        transform: Reading.timestamp)
    var to: Timestamp?

    @Option(
        help: ArgumentHelp(
            "Group the runs by these: \(StatisticDimension.accepted), separated by commas; may be repeated (default: day).",
            valueName: "what"),
        completion: .list(StatisticDimension.allCases.map(\.title)), transform: Reading.dimensions)
    var by: [[StatisticDimension]] = []

    @Option(
        name: .field(.state), help: .field(.state), completion: .list(SearchCompletion.states),
        transform: Reading.value(of: .state))
    var state: [String] = []

    @Option(name: .field(.type), help: .field(.type), transform: Reading.value(of: .type))
    var type: [String] = []

    @Option(
        name: .field(.configuration), help: .field(.configuration), completion: .custom(ServiceCompletion.workflows),
        transform: Reading.value(of: .configuration))
    var configuration: [String] = []

    @Option(
        name: .field(.attribution), help: .field(.attribution), completion: .list(Attribution.allCases.map(\.rawValue)),
        transform: Reading.value(of: .attribution))
    var attribution: [String] = []

    @Option(help: "Groups to show, 1 to 10000 (default: 1000).", transform: Reading.number(StatisticsQuery.limits))
    var limit: Int?

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if let from, let to, to < from { throw ValidationError("--to is before --from.") }
    }

    func run() async throws {
        let console = Console.standard
        var dimensions: [StatisticDimension] = []
        for dimension in by.flatMap(\.self) where !dimensions.contains(dimension) { dimensions.append(dimension) }
        if dimensions.isEmpty { dimensions = [.day] }
        let statistics = try await client.client().statistics(try filter(), by: dimensions, limit: limit)
        guard !output.json else { return try console.print(JSONOutput.text(statistics.document)) }
        if !statistics.groups.isEmpty {
            try console.print(StatisticTables.table(statistics, by: dimensions, width: console.outputWidth).text())
        }
        console.note(StatisticTables.sentence(statistics))
    }

    private func filter() throws -> StatisticsFilter {
        let filter: RunFilter
        do throws(RunFilterError) {
            filter = try RunFilter { field in
                switch field {
                case .state: state
                case .type: type
                case .configuration: configuration
                case .attribution: attribution
                default: []
                }
            }
        } catch {
            throw ValidationError(error.commandLineMessage)
        }
        return StatisticsFilter(
            window: TimeWindow(from: from, to: to), states: filter.states, types: filter.types,
            configurations: filter.configurations, attributions: filter.attributions)
    }
}
