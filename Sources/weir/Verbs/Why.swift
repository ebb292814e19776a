import ArgumentParser
import WorkflowAPI
import WorkflowClient
import WorkflowModel

struct Why: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Shows why a run and its tasks wait, and since when.",
        discussion: """
            EXAMPLE
              weir why wf-20240619-14574-6kyYdY
            """)

    @Argument(help: ArgumentHelp("Id of the run."), transform: Reading.runID)
    var id: RunID

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = Console.standard
        let waitReasons = try await client.client().waitReasons(of: id)
        try console.print(output.json ? waitReasons.json.text : Self.text(waitReasons, width: console.outputWidth))
    }

    static func text(_ waitReasons: WaitReasonsAnswer, width: Int?) -> String {
        let message = width.map { waitReasons.message.wrapped(toDisplayWidth: $0).joined(separator: "\n") } ?? waitReasons.message
        guard !waitReasons.tasks.isEmpty else { return message }
        let table = TextTable(
            [.init(title: "since"), .init(title: "state"), .init(title: "wait reason", fit: .wrapped)],
            rows: waitReasons.tasks.map { [HumanText.time($0.since), $0.state.rawValue, $0.message] }, width: width)
        return message + "\n\n" + table.text()
    }
}
