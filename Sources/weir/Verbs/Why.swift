import ArgumentParser
import WorkflowAPI
import WorkflowClient
import WorkflowModel

struct Why: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Says what a run and each of its tasks wait for, since when, and what holds it.",
        discussion: """
            EXAMPLE
              weir why wf-20240619-14574-6kyYdY
            """)

    @Argument(help: ArgumentHelp("The id of the run."), transform: Reading.runID)
    var id: RunID

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = Console.standard
        let standing = try await client.client().standing(of: id)
        console.print(output.json ? standing.json.text : Self.text(standing, width: console.outputWidth))
    }

    static func text(_ standing: StandingAnswer, width: Int?) -> String {
        guard !standing.tasks.isEmpty else { return standing.message }
        let table = TextTable(
            [.init(title: "since"), .init(title: "state"), .init(title: "why", isFlexible: true)],
            rows: standing.tasks.map { [HumanText.time($0.since), $0.state.rawValue, $0.message] }, width: width)
        return standing.message + "\n\n" + table.text()
    }
}
