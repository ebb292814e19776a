import ArgumentParser
import WorkflowAPI
import WorkflowClient
import WorkflowModel

struct Notify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Has a receiver told when a run ends.",
        discussion: """
            The receiver gets the alert of the end, whatever its rules say: failed, succeeded or stopped. A run that has ended already \
            sends it at once. Without a receiver, the command lists who is told. Reruns do not inherit it.

            EXAMPLE
              weir notify wf-20240619-14574-6kyYdY ops
              weir notify wf-20240619-14574-6kyYdY ops --remove
            """)

    @Argument(help: ArgumentHelp("Id of the run."), transform: Reading.runID)
    var id: RunID

    @Argument(help: ArgumentHelp("Name of the receiver."), transform: Reading.receiver)
    var receiver: String?

    @Flag(help: "No longer tell the receiver.")
    var remove = false

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if remove, receiver == nil { throw ValidationError("--remove needs the name of a receiver.") }
    }

    func run() async throws {
        let console = Console.standard
        let client = try client.client()
        guard let receiver else { return try show(try await client.subscriptions(to: id), on: console) }
        if remove {
            try await client.unsubscribe(receiver, from: id)
            console.note("\(receiver) is no longer told when \(id) ends.")
            return
        }
        let answer = try await client.subscribe(receiver, to: id)
        if output.json {
            try console.print(JSONOutput.text { $0.subscription(answer.subscription, event: answer.event) })
        } else if let event = answer.event {
            console.note("\(id) has ended. \(receiver) is told at once: \(event.rawValue).")
        } else {
            console.note("\(receiver) is told when \(id) ends.")
        }
    }

    private func show(_ found: RunSubscriptions, on console: Console) throws {
        if output.json { return try console.print(JSONOutput.text { $0.subscriptions(found) }) }
        guard !found.list.isEmpty else {
            console.note("No receiver was asked to be told of \(id). Alert rules apply.")
            return
        }
        try console.print(RunTables.subscriptions(found, width: console.outputWidth).text())
    }
}
