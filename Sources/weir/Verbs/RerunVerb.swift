import ArgumentParser
import WorkflowAPI
import WorkflowClient
import WorkflowModel

struct RerunVerb: AsyncParsableCommand {
    /// Which tasks run again.
    enum Beginning: String, EnumerableFlag {
        case fromFailure
        case fromStart

        var start: RerunStart {
            switch self {
            case .fromFailure: .failure
            case .fromStart: .start
            }
        }

        static func help(for value: Beginning) -> ArgumentHelp? {
            switch value {
            case .fromFailure: "Keep succeeded tasks, run the rest. (default for a failed or stopped run)"
            case .fromStart: "Run all tasks. (default for a succeeded run)"
            }
        }
    }

    static let configuration = CommandConfiguration(
        commandName: "rerun",
        abstract: "Starts a run again and prints the id of the new run.",
        discussion: """
            The new run has the run mode and the range of the old one. --from-failure keeps succeeded tasks and their outputs, \
            unless a task that they need runs again. --wait shows the progress of the tasks; the exit code tells the result, as \
            with weir start.

            EXAMPLE
              weir rerun wf-20240619-14574-6kyYdY --from-failure --wait
            """)

    @Argument(help: ArgumentHelp("Id of the run."), transform: Reading.runID)
    var id: RunID

    @Flag(exclusivity: .exclusive)
    var beginning: Beginning?

    @Option(
        name: .customLong("version"),
        help: ArgumentHelp("Version of the configuration: current, or launched by the old run.", valueName: "which"),
        transform: Reading.rerunVersion)
    var configurationVersion: RerunVersion = .current

    @Option(help: ArgumentHelp("Key that makes repeated requests start one run only.", valueName: "key"))
    var idempotencyKey: String?

    @OptionGroup var notification: NotifyOptions

    @Flag(help: "Wait until the run ends.")
    var wait = false

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        try Start.check(idempotencyKey: idempotencyKey)
        try notification.check()
    }

    func run() async throws {
        let client = try client.client()
        let order = RerunRequest(from: beginning?.start, version: configurationVersion, notify: notification.notify)
        let details = try await client.rerun(id, order, idempotencyKey: idempotencyKey)
        await noteCodeChange(to: details.run.id, client)
        try await Start.follow(details, with: client, waiting: wait, json: output.json)
    }

    /// Says when the rerun finds other code than the old run. The run has been started, so that a failure here is no failure of the verb.
    private func noteCodeChange(to new: RunID, _ client: WorkflowClient) async {
        guard let old = try? await client.run(id), old.code != nil else { return }
        let current = configurationVersion == .current ? (try? await client.run(new))?.code : nil
        guard let change = old.codeChange(for: configurationVersion, current: current) else { return }
        Console.standard.note(change.sentence)
    }
}
