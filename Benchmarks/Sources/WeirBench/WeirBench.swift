import ArgumentParser

@main
struct WeirBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "weir-bench",
        abstract: "Measures Weir, and writes a report.")

    func run() async throws {}
}
