import ArgumentParser
import WorkflowClient
import WorkflowModel
import WorkflowOperations

struct Stop: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Stops a run.",
        discussion: """
            The run's tasks get SIGTERM, and SIGKILL after a grace period (10s by default). Stopping an ended run changes nothing.

            EXAMPLE
              weir stop wf-20240619-14574-6kyYdY --reason 'wrong month' --wait
            """)

    @Argument(help: ArgumentHelp("Id of the run."), transform: Reading.runID)
    var id: RunID

    @Option(help: ArgumentHelp("Why. The run says so.", valueName: "text"), transform: Reading.reason)
    var reason: String?

    @Flag(help: "Wait until all tasks have ended.")
    var wait = false

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = Console.standard
        let client = try client.client()
        var details = try await client.stop(id, reason: reason)
        if wait, !details.run.state.hasEnded {
            details = try await RunWatch(client: client).end(of: id) { _ in }
        }
        if output.json {
            try console.print(JSONOutput.verbose(details))
        } else {
            console.note("\(details.run.id) \(Self.sentence(details.run.state))")
        }
    }

    static func sentence(_ state: RunState) -> String {
        switch state {
        case .canceled: "is stopped."
        case .succeeded, .failed: "has ended already: \(state.state.label)."
        case .scheduled, .started, .inProgress, .runningWithFailures, .stopping: "is stopping."
        }
    }
}
