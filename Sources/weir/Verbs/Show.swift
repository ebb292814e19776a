import ArgumentParser
import WorkflowClient
import WorkflowModel

struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Shows a run with its tasks, attempts, errors, warnings and notes.",
        discussion: """
            EXAMPLE
              weir show wf-20240619-14574-6kyYdY
            """)

    @Argument(help: ArgumentHelp("Id of the run."), transform: Reading.runID)
    var id: RunID

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = Console.standard
        let client = try client.client()
        let details = try await client.run(id)
        let attempts = try await client.attempts(of: id)
        if output.json {
            try console.print(JSONOutput.details(details, attempts: attempts))
        } else {
            try console.print(Self.text(details, attempts: attempts, width: console.outputWidth))
        }
    }

    static func text(_ details: WorkflowRunDetails, attempts: [TaskAttemptRecord], width: Int?) -> String {
        var parts = [RunTables.facts(of: details, width: width)]
        for closing in [false, true] {
            let tasks = RunTables.tasks(of: details, closing: closing, attempts: attempts, width: width)
            if let tasks { parts.append(tasks.text()) }
        }
        if let retries = RunTables.retries(of: details, attempts: attempts, width: width) { parts.append(retries.text()) }
        if let warnings = RunTables.warnings(of: details, width: width) { parts.append(warnings.text()) }
        if !details.resolutions.isEmpty {
            let names = Dictionary(
                (details.tasks + details.items).map { ($0.id, $0.shortName) }, uniquingKeysWith: { first, _ in first })
            parts.append(ResolutionTables.decisions(details.resolutions, names: names, width: width).text())
        }
        if !details.notes.isEmpty { parts.append(RunTables.notes(of: details, width: width).text()) }
        return parts.joined(separator: "\n\n")
    }
}
