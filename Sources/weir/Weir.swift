import ArgumentParser

@main
struct Weir: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "weir", abstract: "Runs workflows and tells you what happened.")
}
