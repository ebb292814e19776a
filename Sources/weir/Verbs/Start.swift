import ArgumentParser
import WorkflowAPI
import WorkflowClient
import WorkflowModel
import WorkflowOperations

struct Start: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Starts a run of a workflow and prints its id.",
        discussion: """
            A range includes its beginning, but not its end; --range-from alone means that day. --wait shows the progress of the \
            tasks, and the exit code tells the result: 0 succeeded, 1 failed (customer), 2 failed (platform or unknown), 3 stopped. \
            Interrupting the wait does not stop the run.

            EXAMPLE
              weir start cg-daily --run-mode refresh --range-from 2024-04-01 --wait
              weir start cg-daily --range-from yesterday --label ticket=OPS-417
              weir start cg-daily --param day=2026-11-01 --param @defaults.json
              weir start cg-daily --notify ops
            """)

    @Argument(
        help: ArgumentHelp("Id of the configuration.", valueName: "config-id"), completion: .custom(ServiceCompletion.workflows))
    var configurationID: String

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Beginning of the data range.", valueName: "time"), transform: Reading.timestamp
    )
    var rangeFrom: Timestamp?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("End of the data range, not included.", valueName: "time"),
        transform: Reading.timestamp)
    var rangeTo: Timestamp?

    @Option(help: "source, refresh or full. (default: the configuration's run mode)", transform: Reading.runMode)
    var runMode: RunMode?

    @Option(help: ArgumentHelp("Key that makes repeated requests start one run only.", valueName: "key"))
    var idempotencyKey: String?

    @Option(
        help: ArgumentHelp(
            "Label of the run, in addition to those of its workflow; may be repeated. A workflow's label with the same key is replaced.",
            valueName: "key=value"),
        transform: Reading.label)
    var label: [RunLabel] = []

    @OptionGroup var parameters: ParameterOptions
    @OptionGroup var notification: NotifyOptions

    @Flag(help: "Wait until the run ends.")
    var wait = false

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if configurationID.isEmpty {
            throw ValidationError("The id of the configuration is empty. Accepted: an id of weir configs.")
        }
        if rangeTo != nil, rangeFrom == nil { throw ValidationError("--range-to needs --range-from.") }
        if let rangeFrom, let rangeTo, rangeTo < rangeFrom { throw ValidationError("--range-to is before --range-from.") }
        try Self.check(idempotencyKey: idempotencyKey)
        try checkLabels()
        try parameters.check()
        try notification.check()
    }

    private func checkLabels() throws {
        let labels = RunLabels(label)
        guard labels.count == label.count else {
            let key = label.first { one in label.count { $0.key == one.key } > 1 }?.key ?? ""
            throw ValidationError("--label names the key \(key) twice. A run has one value of each key.")
        }
        guard labels.count <= RunLabels.most else {
            throw ValidationError("--label appears \(labels.count) times. Accepted: \(RunLabels.most) labels at most.")
        }
    }

    static func check(idempotencyKey: String?) throws {
        guard let idempotencyKey else { return }
        do throws(APIError) {
            _ = try IdempotencyHeader.read("\"\(idempotencyKey)\"")
        } catch {
            throw ValidationError(error.message)
        }
    }

    func run() async throws {
        let client = try client.client()
        let range = rangeFrom.map { TimeWindow(from: $0, to: rangeTo) }
        let details = try await started(range, client)
        try await Self.follow(details, with: client, waiting: wait, json: output.json)
    }

    private func started(_ range: TimeWindow?, _ client: WorkflowClient) async throws -> WorkflowRunDetails {
        let order = StartRequest(
            configuration: configurationID, range: range, runMode: runMode, labels: RunLabels(label),
            parameters: try parameters.values(), notify: notification.notify)
        do {
            return try await client.start(order, idempotencyKey: idempotencyKey)
        } catch {
            throw await Self.explained(error, configurationID, client)
        }
    }

    /// The documented endpoint answers 400 for an unknown configuration, as for any wrong body. The command line tells them apart.
    private static func explained(_ error: ClientError, _ id: String, _ client: WorkflowClient) async -> any Error {
        let isUnknown = error.code == .refused(.invalid) ? await !exists(id, client) : error.code == .refused(.notFound)
        guard isUnknown else { return error }
        return CommandFailure(
            .noInput, "Configuration \(HumanText.printable(id)) not found. weir configs lists all configurations.")
    }

    private static func exists(_ configuration: String, _ client: WorkflowClient) async -> Bool {
        do {
            _ = try await client.configuration(configuration)
            return true
        } catch {
            return error.code != .refused(.notFound)
        }
    }

    /// Reports a started run, and waits for its end if asked to.
    static func follow(_ started: WorkflowRunDetails, with client: WorkflowClient, waiting: Bool, json: Bool) async throws {
        let console = Console.standard
        var details = started
        let id = started.run.id
        do {
            // The wait continues without a reader, because its exit code tells the result.
            if !json { try console.announce(id.rawValue) }
        } catch var failure as CommandFailure {
            failure.message += " The run \(id) was started."
            throw failure
        }
        if waiting {
            let progress = TaskProgress(console: console)
            details = try await RunWatch(client: client).end(of: id) { progress.show($0) }
            progress.finish(details)
        }
        do {
            if json { try console.print(JSONOutput.verbose(details)) }
        } catch var failure as CommandFailure {
            failure.message += " The run \(id) was started."
            throw failure
        }
        if waiting { throw Self.ending(of: details.run) }
    }

    static func ending(of run: WorkflowRun) -> ExitStatus {
        switch run.state {
        case .succeeded: .succeeded
        case .canceled: .stopped
        case .failed: run.error?.attribution == .customer ? .failedByCustomer : .failedOtherwise
        case .scheduled, .started, .inProgress, .runningWithFailures, .stopping: .temporary
        }
    }
}
