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

            With --again, a tick whose run has ended gets a new run: all tasks, with the current version, linked to the run before. A \
            run under way is left alone. After an interrupt, repeat the command with the --since that it prints: ticks that it has \
            started again are not started twice.

            EXAMPLE
              weir backfill cg-daily --from 2026-11-01 --to 2026-11-15 --parallel 2
              weir backfill cg-daily --month 2026-10 --again --dry-run
            """)

    @Argument(
        help: ArgumentHelp("Id of the configuration.", valueName: "config-id"), completion: .custom(ServiceCompletion.workflows))
    var configurationID: String

    @OptionGroup var span: BackfillSpanOptions

    @Option(help: ArgumentHelp("Id of the schedule, if the configuration has several.", valueName: "id"))
    var schedule: String?

    @Option(
        help: ArgumentHelp("Runs in parallel. (default: 1)", valueName: "count"),
        transform: Reading.number(BackfillWork.parallel))
    var parallel = 1

    @Option(help: "source, refresh or full. (default: the schedule's run mode)", transform: Reading.runMode)
    var runMode: RunMode?

    @OptionGroup var parameters: ParameterOptions

    @Flag(help: "Start ticks again whose run has ended.")
    var again = false

    @Option(
        help: ArgumentHelp(
            "With --again: only ticks whose run started before this time. (default: the start of the command)", valueName: "time"),
        transform: Reading.timestamp)
    var since: Timestamp?

    @Flag(help: "Show what would start, and start nothing.")
    var dryRun = false

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        try span.check(at: SystemTime().now)
        try parameters.check()
        if since != nil, !again { throw ValidationError("--since needs --again.") }
    }

    func run() async throws {
        let console = Console.standard
        let given = try parameters.values()
        let client = try client.client()
        let (schedule, instants) = try await ticks(client)
        let againBefore = try await againBefore(schedule, instants.first, client)
        let report = try await Interruption.cancelling { [configurationID, parallel, runMode, dryRun] in
            let work = BackfillWork(
                atOnce: parallel,
                order: { instant in
                    let request = BackfillRequest(
                        scheduledFor: instant, schedule: schedule, runMode: runMode, parameters: given, againBefore: againBefore,
                        isDryRun: dryRun)
                    return try await client.backfill(request, of: configurationID)
                },
                look: { try await client.run($0).run })
            let bar = ProgressBar(console: console)
            defer { bar.clear() }
            func show(_ report: BackfillReport) {
                bar.show {
                    ProgressBar.line(
                        report.finished, "ticks", fraction: Double(report.finished) / Double(max(1, report.total)), elapsed: $0)
                }
            }
            var report = dryRun ? try await work.preview(instants, show) : try await work.run(instants, show)
            report.againBefore = againBefore
            return report
        }
        if output.json {
            try console.print(report.json)
        } else if !report.ticks.isEmpty {
            try console.print(ScheduleTables.ticks(report, width: console.outputWidth).text())
        }
        if instants.isEmpty {
            console.note("The schedule \(schedule) has no past tick in this time range.")
        } else {
            console.note(report.sentence)
        }
        throw report.status
    }

    /// The service's time, because it compares it with the times of runs.
    /// - Returns: nil without --again.
    private func againBefore(_ schedule: String, _ instant: Timestamp?, _ client: WorkflowClient) async throws -> Timestamp? {
        guard again, let instant else { return nil }
        if let since { return since }
        let request = BackfillRequest(scheduledFor: instant, schedule: schedule, runMode: runMode, isDryRun: true)
        guard let now = try await client.backfill(request, of: configurationID).decidedAt else {
            throw CommandFailure(.unavailable, "The service is of an earlier version, which starts no tick again.")
        }
        return now
    }

    /// The schedule and its ticks in the range, oldest first.
    private func ticks(_ client: WorkflowClient) async throws -> (schedule: String, instants: [Timestamp]) {
        let window = span.window(at: SystemTime().now)
        var instants: [Timestamp] = []
        var begin = window.from
        while true {
            let forecasts = try await ScheduleLookup.forecasts(
                of: configurationID, schedule: schedule, in: TimeWindow(from: begin, to: window.to),
                limit: ScheduleForecast.limits.upperBound, client)
            guard let forecast = forecasts.first else {
                throw CommandFailure(.data, "The configuration has no schedule.")
            }
            guard forecasts.count == 1 else {
                let ids = forecasts.map(\.id).joined(separator: ", ")
                throw CommandFailure(.usage, "The configuration has several schedules. Choose one with --schedule: \(ids).")
            }
            let page = forecast.ticks.filter(\.fires)
            instants += page.filter(span.contains).map(\.instant)
            guard instants.count <= BackfillWork.mostTicks else {
                throw CommandFailure(
                    .usage,
                    "The time range has more than \(HumanText.count(BackfillWork.mostTicks)) ticks. Split it into several backfills."
                )
            }
            guard page.count == ScheduleForecast.limits.upperBound, let last = page.last else { return (forecast.id, instants) }
            begin = last.instant + .milliseconds(1)
        }
    }
}
