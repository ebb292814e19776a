import ArgumentParser
import WorkflowAPI
import WorkflowClient
import WorkflowModel

struct Start: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Starts a run of a configured workflow and prints its id.",
        discussion: """
            A range is half-open; --range-from alone means that one day. With --wait the tasks are shown as they go, and the exit
            code tells the end: 0 succeeded, 1 failed by the customer's fault, 2 failed by the platform's fault, 3 stopped.
            Interrupting the wait does not stop the run.

            EXAMPLE
              weir start cg-daily --run-mode refresh --range-from 2024-04-01 --wait
            """)

    @Argument(help: ArgumentHelp("The id of the configuration.", valueName: "config-id"))
    var configurationID: String

    @Option(help: ArgumentHelp("Where the data begins.", valueName: "time"), transform: Reading.timestamp)
    var rangeFrom: Timestamp?

    @Option(help: ArgumentHelp("Where the data ends; not included.", valueName: "time"), transform: Reading.timestamp)
    var rangeTo: Timestamp?

    @Option(help: "source, refresh or full. (default: the configuration's own)", transform: Reading.runMode)
    var runMode: RunMode?

    @Option(help: ArgumentHelp("Start once, however often this is sent.", valueName: "key"))
    var idempotencyKey: String?

    @Flag(help: "Wait for the end.")
    var wait = false

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if rangeTo != nil, rangeFrom == nil { throw ValidationError("--range-to needs --range-from.") }
        if let rangeFrom, let rangeTo, rangeTo < rangeFrom { throw ValidationError("--range-to is before --range-from.") }
        try Self.check(idempotencyKey: idempotencyKey)
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
        let request = StartRequest(configuration: configurationID, range: range, runMode: runMode)
        let details = try await client.start(request, idempotencyKey: idempotencyKey)
        try await Self.follow(details, with: client, waiting: wait, json: output.json)
    }

    /// Tells of a run that was started, and of its end when that is waited for.
    static func follow(_ started: WorkflowRunDetails, with client: WorkflowClient, waiting: Bool, json: Bool) async throws {
        let console = Console.standard
        var details = started
        if !json { console.print(details.run.id.rawValue) }
        if waiting {
            let progress = TaskProgress(console: console)
            details = try await RunWatch(client: client).end(of: details.run.id) { progress.show($0) }
            progress.finish(details)
        }
        if json { console.print(JSONOutput.verbose(details)) }
        if waiting { throw Self.ending(of: details.run) }
    }

    static func ending(of run: WorkflowRun) -> ExitStatus {
        switch run.state {
        case .succeeded: .succeeded
        case .canceled: .stopped
        case .failed: run.error?.attribution == .customer ? .failedByCustomer : .failedByPlatform
        case .scheduled, .started, .inProgress, .runningWithFailures, .stopping: .temporary
        }
    }
}
