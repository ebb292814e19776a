import ArgumentParser
import WorkflowClient

struct Configs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lists the configured workflows.",
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
            console.print(JSONOutput.configurations(configurations))
        } else if configurations.isEmpty {
            console.note("There is no configuration yet; store one with weir apply FILE.")
        } else {
            console.print(RunTables.configurations(configurations, width: console.outputWidth).text())
        }
    }
}
