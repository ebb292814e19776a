import ArgumentParser
import WorkflowAPI
import WorkflowModel

struct Retention: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Deletes history: ended runs that are older than you say.",
        discussion: """
            Runs of all tenants go with their tasks, attempts and output, counted from their creation; a run that has not ended
            stays, however old. Works while a service runs, in small steps with rests between them. When it is interrupted, what
            is gone is gone; doing it again goes on.

            EXAMPLE
              weir retention --older-than 400d --dry-run
              weir retention --older-than 400d
            """)

    @Option(
        help: ArgumentHelp("How old: a duration of a day or more, such as 400d.", valueName: "age"), transform: Reading.age)
    var olderThan: Duration

    @Flag(help: "Say what would go, and delete nothing.")
    var dryRun = false

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = Console.standard
        let time = SystemTime()
        let cutoff = Timestamp(milliseconds: time.now.milliseconds - olderThan.milliseconds)
        let bar = ProgressBar(console: console)
        let report = try await AdministrationAccess.with(try data.location(), creating: false) { administration in
            let counts = try await administration.endedRuns(createdBefore: cutoff)
            var report = RetentionReport(cutoff: cutoff, tenants: counts)
            guard !dryRun else { return report }
            let total = report.found
            let work = RetentionWork(isShared: administration.isShared, time: time) {
                try await administration.deleteEndedRuns(createdBefore: cutoff, from: $0)
            }
            defer { bar.clear() }
            report.totals = try await work.run { totals in
                bar.show {
                    ProgressBar.line(
                        totals.runs, "runs deleted", fraction: total > 0 ? Double(totals.runs) / Double(total) : nil, elapsed: $0)
                }
            }
            return report
        }
        if output.json {
            console.print(report.json(elapsed: bar.elapsed))
        } else {
            if let table = report.table(width: console.outputWidth) { console.print(table) }
            console.note(report.sentence(elapsed: bar.elapsed))
        }
    }
}
