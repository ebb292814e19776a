import ArgumentParser
import WorkflowAPI
import WorkflowModel
import WorkflowOperations

struct Retention: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Deletes ended runs and events of the audit log that are older than an age.",
        discussion: """
            Deletes runs of all tenants with their tasks, attempts and output. The age counts from the start of a run; a run that \
            has not ended stays. Works while a service runs, in small steps with pauses. Repeating an interrupted command continues \
            it. Events of the audit log are kept for 400 days, whatever the age of the runs, unless --audit-older-than says another age.

            EXAMPLE
              weir retention --older-than 400d --dry-run
              weir retention --older-than 400d
            """)

    @Option(
        help: ArgumentHelp("Age of the runs to delete, a day or more, such as 400d.", valueName: "age"), transform: Reading.age)
    var olderThan: Duration

    @Option(
        help: ArgumentHelp("Age of the events of the audit log to delete, a day or more. (default: 400d)", valueName: "age"),
        transform: Reading.age)
    var auditOlderThan: Duration = RetentionLimits.auditAge

    @Flag(help: "Count the runs that would be deleted, but delete nothing.")
    var dryRun = false

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = Console.standard
        let time = SystemTime()
        let cutoff = Timestamp(milliseconds: time.now.milliseconds - olderThan.milliseconds)
        let bar = ProgressBar(console: console)
        let report = try await StoreAccess.with(try data.location(), creating: false) { administration in
            let counts = try await administration.endedRuns(createdBefore: cutoff)
            var report = RetentionReport(cutoff: cutoff, tenants: counts)
            let eventCutoff = Timestamp(milliseconds: time.now.milliseconds - auditOlderThan.milliseconds)
            guard !dryRun else {
                report.events = try await administration.auditEventCount(happenedBefore: eventCutoff)
                return report
            }
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
            report.events = try await work.deleteEvents { try await administration.deleteAuditEvents(happenedBefore: eventCutoff) }
            return report
        }
        if output.json {
            try console.print(report.json(elapsed: bar.elapsed))
        } else {
            if let table = report.table(width: console.outputWidth) { try console.print(table) }
            console.note(report.sentence(elapsed: bar.elapsed))
        }
    }
}
