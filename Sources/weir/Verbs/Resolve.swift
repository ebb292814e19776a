import ArgumentParser
import WorkflowAPI
import WorkflowClient
import WorkflowModel

struct Resolve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Retries, skips or settles a task that did not succeed, or lists what applies.",
        discussion: """
            While the run goes on, a task that failed or waits for another attempt can be retried, skipped, or marked as succeeded. Once \
            the run has ended, a new run carries the decision, and its id is printed. Without a task, the command lists the resolutions \
            that apply, and the decisions that were made.

            The resolutions are:
              retry       One more attempt, now.
              skip        Run the tasks that need it without it. Its outputs are {}, or --outputs.
              succeed     Count it as succeeded, with --outputs.
              from-here   A new run: this task and all that needs it run again.
              from-start  A new run: all tasks run again.

            EXAMPLE
              weir resolve wf-20240619-14574-6kyYdY
              weir resolve wf-20240619-14574-6kyYdY score skip --reason 'no new members today'
            """)

    @Argument(help: ArgumentHelp("Id of the run."), transform: Reading.runID)
    var id: RunID

    @Argument(help: ArgumentHelp("Id of the task: in the configuration, or of the task instance; an item such as load[17]."))
    var task: String?

    @Argument(
        help: ArgumentHelp("Decision: \(Resolution.allCases.map(\.rawValue).joined(separator: ", "))."),
        transform: Reading.resolution)
    var resolution: Resolution?

    @Option(
        help: ArgumentHelp(
            "Outputs of the task, for skip and succeed: a JSON object, or @ and the name of a file.", valueName: "json"))
    var outputs: String?

    @Option(help: ArgumentHelp("Why. The run says so.", valueName: "text"), transform: Reading.reason)
    var reason: String?

    @Option(
        name: .customLong("version"),
        help: ArgumentHelp("Version of the configuration for a new run: current, or launched by the old run.", valueName: "which"),
        transform: Reading.rerunVersion)
    var configurationVersion: RerunVersion = .current

    @Option(help: ArgumentHelp("Key that makes repeated requests start one run only.", valueName: "key"))
    var idempotencyKey: String?

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        try Start.check(idempotencyKey: idempotencyKey)
        guard (task == nil) == (resolution == nil) else {
            throw ValidationError("Give a task and a resolution, or neither. Accepted resolutions: \(Reading.resolutions).")
        }
        guard task == nil else { return }
        guard outputs == nil, reason == nil else { throw ValidationError("--outputs and --reason need a task and a resolution.") }
    }

    func run() async throws {
        let client = try client.client()
        guard let task, let resolution else { return try await list(client) }
        let request = try request(resolution)
        let named = try await Self.task(task, of: client.run(id))
        let details = try await client.resolve(named.id, of: id, request, idempotencyKey: idempotencyKey)
        let console = Console.standard
        if output.json { return try console.print(JSONOutput.verbose(details)) }
        if details.run.id == id {
            console.note("\(named.shortName) \(resolution.past). \(id) is \(details.run.state.state.label.lowercased()).")
        } else {
            try console.announce(details.run.id.rawValue)
        }
    }

    private func list(_ client: WorkflowClient) async throws {
        let answer = try await client.resolutions(of: id)
        let console = Console.standard
        if output.json { return try console.print(JSONOutput.text(answer.document)) }
        let details = try await client.run(id)
        let names = (details.tasks + details.items).map { ($0.id, $0.shortName) }
        try console.print(
            ResolutionTables.text(
                answer, names: Dictionary(names, uniquingKeysWith: { first, _ in first }), width: console.outputWidth))
    }

    private func request(_ resolution: Resolution) throws -> ResolveRequest {
        var given = outputs.map { Array($0.utf8) }
        if let outputs, outputs.hasPrefix("@") {
            let path = String(outputs.dropFirst())
            given = try BoundedFile(path, upTo: ResolvedOutputs.bytes, called: path).bytes
        }
        do throws(APIError) {
            return try ResolveRequest(checking: resolution, outputs: given, reason: reason, version: configurationVersion)
        } catch {
            throw ValidationError(error.message)
        }
    }

    /// - Throws: ``CommandFailure`` (66) when the run has no such task.
    private static func task(_ name: String, of details: WorkflowRunDetails) throws -> TaskInstance {
        let found =
            details.tasks.first { $0.definitionID.isIdentical(to: name) || $0.id.rawValue.isIdentical(to: name) }
            ?? details.items.first { $0.shortName.isIdentical(to: name) || $0.id.rawValue.isIdentical(to: name) }
        guard let found else {
            let ids = details.tasks.prefix(20).map(\.definitionID).joined(separator: ", ")
            throw CommandFailure(
                .noInput,
                "The run \(details.run.id) has no task \(HumanText.printable(name)). Its tasks: \(HumanText.printable(ids)).")
        }
        return found
    }
}
