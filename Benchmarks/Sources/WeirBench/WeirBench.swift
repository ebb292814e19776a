import ArgumentParser

@main
struct WeirBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "weir-bench",
        abstract: "Measures Weir, and writes a report.",
        subcommands: [Measure.self, ServeWithMemoryRoute.self, RunLoad.self, WriteHistory.self],
        defaultSubcommand: Measure.self)
}
