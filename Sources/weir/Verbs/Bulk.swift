import ArgumentParser
import WorkflowModel

struct Bulk: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Stops, reruns, resolves, deletes or labels many runs.",
        discussion: """
            Every operation begins with a preview and a question. The service continues it through restarts, acts on each run once, \
            and keeps a receipt for each run.

            EXAMPLE
              weir bulk stop --state in-progress --workflow cg-daily
              weir bulk rerun 'state:failed error:weir.task.command/exit since:1d' --yes
              weir bulk show bo-20240619-14574-6kyYdY --receipts
            """,
        subcommands: [
            BulkStop.self, BulkRerun.self, BulkResolve.self, BulkDelete.self, BulkLabel.self, BulkList.self, BulkShow.self,
            BulkAbort.self,
        ])
}

struct BulkStop: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop",
        abstract: "Stops runs.",
        discussion: """
            Waits until every run was asked to stop. Runs that have ended stay as they are. The exit code is 0, 3 when the operation was \
            aborted, or 65 when runs were refused.

            EXAMPLE
              weir bulk stop --state in-progress --workflow cg-daily --reason 'wrong month'
            """)

    @OptionGroup var selection: BulkSelectionOptions

    @OptionGroup var reason: BulkReasonOptions

    @OptionGroup var request: BulkRequestOptions

    func run() async throws {
        try await request.run(.stop(reason: reason.text), on: selection)
    }
}

struct BulkRerun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rerun",
        abstract: "Starts ended runs again.",
        discussion: """
            A run that has been rerun already is left alone: its rerun is the one to rerun. The options are those of weir rerun.

            EXAMPLE
              weir bulk rerun 'state:failed workflow:cg-daily since:1d' --from-failure
            """)

    @OptionGroup var selection: BulkSelectionOptions

    @Flag(exclusivity: .exclusive)
    var beginning: RerunVerb.Beginning?

    @Option(
        name: .customLong("version"),
        help: ArgumentHelp("Version of the configuration: current, or launched by each run.", valueName: "which"),
        transform: Reading.rerunVersion)
    var configurationVersion: RerunVersion = .current

    @OptionGroup var request: BulkRequestOptions

    func run() async throws {
        try await request.run(.rerun(from: beginning?.start, version: configurationVersion), on: selection)
    }
}

struct BulkResolve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve",
        abstract: "Settles the failed tasks of runs.",
        discussion: """
            Retries, skips or marks as succeeded all failed tasks of each run: in place while the run goes on, and in a rerun once it has \
            ended. A run that has been rerun already is left alone.

            EXAMPLE
              weir bulk resolve skip 'state:failed workflow:cg-daily since:1d' --reason 'the report is not needed'
            """)

    @Argument(
        help: ArgumentHelp("The resolution of the failed tasks: retry, skip or succeed.", valueName: "resolution"),
        transform: Reading.resolutionInPlace)
    var resolution: Resolution

    @OptionGroup var selection: BulkSelectionOptions

    @OptionGroup var reason: BulkReasonOptions

    @OptionGroup var request: BulkRequestOptions

    func run() async throws {
        try await request.run(.resolve(resolution, reason: reason.text), on: selection)
    }
}

struct BulkDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Deletes ended runs.",
        discussion: """
            With their tasks, output and notes. Runs that have not ended are refused. Needs a key with the policy admin.

            EXAMPLE
              weir bulk delete --label purpose:test --created-to 2024-06-01
            """)

    @OptionGroup var selection: BulkSelectionOptions
    @OptionGroup var request: BulkRequestOptions

    func run() async throws {
        try await request.run(.delete, on: selection)
    }
}

struct BulkLabel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "label",
        abstract: "Sets and removes labels of runs.",
        discussion: """
            In any state, also of imported history. Labels that are not named stay. --label selects runs, as in weir runs.

            EXAMPLE
              weir bulk label 'workflow:cg-daily since:7d' --set cause=disk-full --remove triage
            """)

    @OptionGroup var selection: BulkSelectionOptions

    @Option(
        help: ArgumentHelp("Label to set; may be repeated.", valueName: "key=value"), transform: Reading.label)
    var set: [RunLabel] = []

    @Option(help: ArgumentHelp("Key of a label to remove; may be repeated.", valueName: "key"), transform: Reading.labelKey)
    var remove: [String] = []

    @OptionGroup var request: BulkRequestOptions

    private var change: LabelChange {
        LabelChange(set: RunLabels(self.set), removed: Set(remove.map { ExactText($0) }))
    }

    func validate() throws {
        guard !change.isEmpty else { throw ValidationError("Say what to change: --set key=value, or --remove key.") }
        if let both = self.set.first(where: { remove.contains($0.key) }) {
            throw ValidationError("The label \(both.key) is set and removed. Do one of both.")
        }
        guard change.set.count + change.removed.count <= RunLabels.most else {
            throw ValidationError("Accepted: at most \(RunLabels.most) labels.")
        }
    }

    func run() async throws {
        try await request.run(.label(change), on: selection)
    }
}
