import ArgumentParser
import WorkflowAPI
import WorkflowClient
import WorkflowModel

struct RerunVerb: AsyncParsableCommand {
    /// Where to begin.
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
            case .fromFailure: "Keep what succeeded, run the rest. (default for a run that failed or was stopped)"
            case .fromStart: "Run everything. (default for a run that succeeded)"
            }
        }
    }

    static let configuration = CommandConfiguration(
        commandName: "rerun",
        abstract: "Does a run over and prints the id of the new one.",
        discussion: """
            The new run has the run mode and the range of the old one. From failure, tasks that succeeded, and need nothing that
            is run again, are kept with what they left. With --wait the tasks are shown as they go, and the exit code tells the
            end as that of start does.

            EXAMPLE
              weir rerun wf-20240619-14574-6kyYdY --from-failure --wait
            """)

    @Argument(help: ArgumentHelp("The id of the run."), transform: Reading.runID)
    var id: RunID

    @Flag(exclusivity: .exclusive)
    var beginning: Beginning?

    @Option(
        name: .customLong("version"),
        help: ArgumentHelp("current or launched: the version of the configuration.", valueName: "which"),
        transform: Reading.rerunVersion)
    var configurationVersion: RerunVersion = .current

    @Option(help: ArgumentHelp("Start once, however often this is sent.", valueName: "key"))
    var idempotencyKey: String?

    @Flag(help: "Wait for the end.")
    var wait = false

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        try Start.check(idempotencyKey: idempotencyKey)
    }

    func run() async throws {
        let client = try client.client()
        let order = RerunRequest(from: beginning?.start, version: configurationVersion)
        let details = try await client.rerun(id, order, idempotencyKey: idempotencyKey)
        try await Start.follow(details, with: client, waiting: wait, json: output.json)
    }
}
