import ArgumentParser
import WorkflowClient
import WorkflowModel

struct Logs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prints what the tasks of a run printed.",
        discussion: """
            Of each task the newest attempt, unless --attempt names another. The service keeps the end of what an attempt prints
            (1 MiB by default); where something is missing, a line says how many bytes.

            EXAMPLE
              weir logs wf-20240619-14574-6kyYdY pull-orders --follow
            """)

    @Argument(help: ArgumentHelp("The id of the run."), transform: Reading.runID)
    var id: RunID

    @Argument(help: "A task: its id in the configuration, its label, or its own id. (default: all of them)")
    var task: String?

    @Flag(help: "Go on until the run ends, with every new attempt.")
    var follow = false

    @Option(help: ArgumentHelp("This attempt, from 1.", valueName: "number"), transform: Reading.number(1...1_000_000))
    var attempt: Int?

    @OptionGroup var client: ClientOptions

    func validate() throws {
        if attempt != nil, follow { throw ValidationError("--follow shows every new attempt: leave --attempt out.") }
    }

    func run() async throws {
        let console = Console.standard
        let client = try client.client()
        let details = try await client.run(id)
        let tasks = try Self.tasks(of: details, named: task)
        let printer = OutputPrinter(console: console, withHeaders: tasks.count > 1 || follow)
        let reader = OutputReader(client: client, run: id, tasks: tasks, printer: printer)
        if follow {
            try await reader.follow()
        } else {
            try await reader.printOnce(attempt: attempt)
            for task in tasks where !printer.hasPrinted(task.id) {
                console.note("\(task.definitionID) has printed nothing (\(task.state.state.label)).")
            }
        }
    }

    static func tasks(of details: WorkflowRunDetails, named name: String?) throws -> [TaskInstance] {
        guard let name else { return details.tasks }
        let matching = details.tasks.filter { $0.definitionID == name || $0.id.rawValue == name || $0.label == name }
        guard !matching.isEmpty else {
            let names = details.tasks.map(\.definitionID).joined(separator: ", ")
            throw CommandFailure(
                .noInput, "The run has no task \(name); " + (names.isEmpty ? "it has none at all." : "its tasks are \(names)."))
        }
        return matching
    }
}
