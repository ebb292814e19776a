import ArgumentParser
import WorkflowClient

struct Configs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lists the workflows of the tenant.",
        discussion: """
            EXAMPLE
              weir configs
            """)

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = Console.standard
        let configurations = try await client.client().configurations()
        if output.json {
            try console.print(JSONOutput.configurations(configurations))
        } else if configurations.isEmpty {
            console.note("No workflow yet. Store one with weir apply FILE.")
        } else {
            try console.print(RunTables.configurations(configurations, width: console.outputWidth).text())
        }
    }
}
