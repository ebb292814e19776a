import ArgumentParser
import WorkflowAPI
import WorkflowClient
import WorkflowModel
import WorkflowOperations

struct Backfill: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Starts the runs of a schedule's past ticks.",
        discussion: """
            Starts one run per tick, oldest first, with the tick's nominal time and period. A tick that already has a run is \
            skipped. An interrupt stops no run; repeating the command continues with the remaining ticks. The exit code is that \
            of the worst run, as with weir start --wait, or 75 after an interrupt.

            EXAMPLE
              weir backfill cg-daily --from 2026-11-01 --to 2026-11-15 --parallel 2
            """)

    @Argument(
        help: ArgumentHelp("Id of the configuration.", valueName: "config-id"), completion: .custom(ServiceCompletion.workflows))
    var configurationID: String

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Ticks at this time or later.", valueName: "time"), transform: Reading.timestamp
    )
    var from: Timestamp

    @Option(parsing: .unconditional, help: ArgumentHelp("Ticks before this time.", valueName: "time"), transform: Reading.timestamp)
    var to: Timestamp

    @Option(help: ArgumentHelp("Id of the schedule, if the configuration has several.", valueName: "id"))
    var schedule: String?

    @Option(
        help: ArgumentHelp("Runs in parallel. (default: 1)", valueName: "count"),
        transform: Reading.number(BackfillWork.parallel))
    var parallel = 1

    @Option(help: "source, refresh or full. (default: the schedule's run mode)", transform: Reading.runMode)
    var runMode: RunMode?

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard from < to else { throw ValidationError("--to must be later than --from.") }
        guard to <= SystemTime().now else {
            throw ValidationError("--to is in the future. A backfill starts runs of past ticks.")
        }
    }

    func run() async throws {
        let console = Console.standard
        let client = try client.client()
        let (schedule, instants) = try await ticks(client)
        let report = try await Interruption.cancelling { [configurationID, parallel, runMode] in
            let work = BackfillWork(
                atOnce: parallel,
                order: { instant in
                    let request = BackfillRequest(scheduledFor: instant, schedule: schedule, runMode: runMode)
                    return try await client.backfill(request, of: configurationID)
                },
                look: { try await client.run($0).run })
            let bar = ProgressBar(console: console)
            defer { bar.clear() }
            return try await work.run(instants) { report in
                bar.show {
                    ProgressBar.line(
                        report.finished, "ticks", fraction: Double(report.finished) / Double(max(1, report.total)), elapsed: $0)
                }
            }
        }
        if output.json {
            try console.print(report.json)
        } else if !report.ticks.isEmpty {
            try console.print(ScheduleTables.ticks(report, width: console.outputWidth).text())
        }
        if instants.isEmpty {
            console.note("The schedule \(schedule) has no tick in this time range.")
        } else {
            console.note(report.sentence)
        }
        throw report.status
    }

    /// The schedule and its ticks in the range, oldest first.
    private func ticks(_ client: WorkflowClient) async throws -> (schedule: String, instants: [Timestamp]) {
        var instants: [Timestamp] = []
        var begin = from
        while true {
            let forecasts = try await ScheduleLookup.forecasts(
                of: configurationID, schedule: schedule, in: TimeWindow(from: begin, to: to),
                limit: ScheduleForecast.limits.upperBound, client)
            guard let forecast = forecasts.first else {
                throw CommandFailure(.data, "The configuration has no schedule.")
            }
            guard forecasts.count == 1 else {
                let ids = forecasts.map(\.id).joined(separator: ", ")
                throw CommandFailure(.usage, "The configuration has several schedules. Choose one with --schedule: \(ids).")
            }
            let page = forecast.ticks.filter(\.fires).map(\.instant)
            instants += page
            guard instants.count <= BackfillWork.mostTicks else {
                throw CommandFailure(
                    .usage,
                    "The time range has more than \(HumanText.count(BackfillWork.mostTicks)) ticks. Split it into several backfills."
                )
            }
            guard page.count == ScheduleForecast.limits.upperBound, let last = page.last else { return (forecast.id, instants) }
            begin = last + .milliseconds(1)
        }
    }
}
