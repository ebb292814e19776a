import ArgumentParser
import UnixSignals
import WorkflowAPI
import WorkflowClient
import WorkflowModel

struct Backfill: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Starts the runs of a schedule's ticks in a time past.",
        discussion: """
            One run for each tick, oldest first, with the tick's nominal time and period. A tick that has its run, from its
            schedule or from a backfill, is left alone. Interrupting it stops no run: doing the same again goes on with the
            rest. The exit code is that of the worst run, as after weir start --wait; 75 when it was interrupted.

            EXAMPLE
              weir backfill cg-daily --from 2026-11-01 --to 2026-11-15 --parallel 2
            """)

    @Argument(help: ArgumentHelp("The id of the configuration.", valueName: "config-id"))
    var configurationID: String

    @Option(help: ArgumentHelp("Ticks from then on.", valueName: "time"), transform: Reading.timestamp)
    var from: Timestamp

    @Option(help: ArgumentHelp("Ticks before then.", valueName: "time"), transform: Reading.timestamp)
    var to: Timestamp

    @Option(help: ArgumentHelp("The schedule, where there are several.", valueName: "id"))
    var schedule: String?

    @Option(
        help: ArgumentHelp("How many runs go on at once. (default: 1)", valueName: "count"),
        transform: Reading.number(BackfillWork.parallel))
    var parallel = 1

    @Option(help: "source, refresh or full. (default: the schedule's own)", transform: Reading.runMode)
    var runMode: RunMode?

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard from < to else { throw ValidationError("--to has to be later than --from.") }
        guard to <= SystemTime().now else {
            throw ValidationError("--to is still to come; a backfill is for ticks of the past.")
        }
    }

    func run() async throws {
        let console = Console.standard
        let client = try client.client()
        let (schedule, instants) = try await ticks(client)
        let report = try await Self.interruptibly { [configurationID, parallel, runMode] in
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
            console.print(report.json)
        } else if !report.ticks.isEmpty {
            console.print(ScheduleTables.ticks(report, width: console.outputWidth).text())
        }
        if instants.isEmpty {
            console.note("The schedule \(schedule) has no tick in that time.")
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
            let forecasts = try await client.schedules(
                of: configurationID, schedule: schedule, in: TimeWindow(from: begin, to: to),
                limit: ScheduleForecast.limits.upperBound)
            guard let forecast = forecasts.first else {
                throw CommandFailure(.data, "The configuration has no schedule, and so no ticks to start runs for.")
            }
            guard forecasts.count == 1 else {
                let ids = forecasts.map(\.id).joined(separator: ", ")
                throw CommandFailure(.usage, "The configuration has several schedules; name one with --schedule: \(ids).")
            }
            let page = forecast.ticks.filter(\.fires).map(\.instant)
            instants += page
            guard instants.count <= BackfillWork.mostTicks else {
                throw CommandFailure(
                    .usage, "There are more than \(HumanText.count(BackfillWork.mostTicks)) ticks in that time; do it in parts.")
            }
            guard page.count == ScheduleForecast.limits.upperBound, let last = page.last else { return (forecast.id, instants) }
            begin = last + .milliseconds(1)
        }
    }

    /// Cancels the work at an interrupt, and lets it say what it has done.
    private static func interruptibly(
        _ work: @escaping @Sendable () async throws -> BackfillReport
    ) async throws -> BackfillReport {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        return try await withThrowingTaskGroup(of: BackfillReport?.self) { group in
            group.addTask {
                for await _ in signals { break }
                return nil
            }
            group.addTask { try await work() }
            while let report = try await group.next() {
                group.cancelAll()
                if let report { return report }
            }
            throw CancellationError()
        }
    }
}
