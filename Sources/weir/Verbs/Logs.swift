import ArgumentParser
import WorkflowClient
import WorkflowModel

struct Logs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prints the output of a run's tasks.",
        discussion: """
            Prints the latest attempt of each task, unless --attempt names another one. The service keeps the end of an attempt's \
            output (1 MiB by default); a line says how many bytes were cut.

            A terminal gets the text with its colours, but without other control sequences. A file or pipe gets plain text. --raw \
            prints every byte unchanged.

            EXAMPLE
              weir logs wf-20240619-14574-6kyYdY pull-orders --follow
              weir logs wf-20240619-14574-6kyYdY pull-orders --stream stderr --timestamps
            """)

    @Argument(help: ArgumentHelp("Id of the run."), transform: Reading.runID)
    var id: RunID

    @Argument(help: "Task by its id in the configuration, its label, or its own id; an item such as load[17]. (default: all tasks)")
    var task: String?

    @Flag(help: "Continue until the run ends, including new attempts.")
    var follow = false

    @Option(help: ArgumentHelp("Number of the attempt, from 1.", valueName: "number"), transform: Reading.number(1...1_000_000))
    var attempt: Int?

    @Flag(help: "Print before each line the time at which it began, in UTC; - where it is not known.")
    var timestamps = false

    @Option(
        help: ArgumentHelp(
            "Only what was printed to that stream: stdout, stderr. Output of unknown stream belongs to both. (default: both)"),
        transform: Reading.stream)
    var stream: TaskStream?

    @Flag(help: "Print the bytes unchanged, including control sequences.")
    var raw = false

    @OptionGroup var client: ClientOptions

    func validate() throws {
        if attempt != nil, follow { throw ValidationError("--follow prints every new attempt. Omit --attempt.") }
    }

    func run() async throws {
        let console = Console.standard
        let client = try client.client()
        let details = try await client.run(id)
        let tasks = try Self.tasks(of: details, named: task)
        let printer = OutputPrinter(console: console, withHeaders: tasks.count > 1 || follow, form: form(on: console))
        let view = OutputView(hasTimestamps: timestamps, stream: stream)
        let reader = OutputReader(client: client, run: id, tasks: tasks, printer: printer, view: view)
        if follow {
            try await reader.follow(isWhole: task == nil)
            return
        }
        if task == nil { try await reader.printAll(attempt: attempt) } else { try await reader.printEach(attempt: attempt) }
        if let attempt, task == nil, !tasks.contains(where: { printer.hasPrinted($0.id) }) {
            let numbers = try await client.attempts(of: id).map(\.number)
            guard numbers.contains(attempt) else {
                throw CommandFailure(.noInput, "No task of the run has attempt \(attempt).")
            }
        }
        for task in tasks where !printer.hasPrinted(task.id) && task.fan == nil && (task.item == nil || self.task != nil) {
            let words = "has no output" + (stream.map { " on \($0.rawValue)" } ?? "") + (attempt.map { " of attempt \($0)" } ?? "")
            console.note("\(HumanText.printable(task.shortName)) \(words) (\(task.state.state.label)).")
        }
    }

    private func form(on console: Console) -> OutputForm {
        raw ? .raw : console.outputIsTerminal ? .styled : .plain
    }

    static func tasks(of details: WorkflowRunDetails, named name: String?) throws -> [TaskInstance] {
        let tasks = details.tasks + details.items
        guard let name else { return tasks }
        let matching = tasks.filter {
            $0.definitionID == name || $0.id.rawValue == name || $0.label == name || ($0.item != nil && $0.shortName == name)
        }
        guard !matching.isEmpty else {
            let names = details.tasks.map(\.definitionID).joined(separator: ", ")
            throw CommandFailure(
                .noInput, "The run has no task \(name). " + (names.isEmpty ? "It has no tasks." : "Its tasks: \(names)."))
        }
        return matching
    }
}
