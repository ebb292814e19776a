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

            Numbers and durations of the deleted runs stay as statistics, for weir statistics and the chart of the history, until \
            --statistics-older-than deletes them too.

            EXAMPLE
              weir retention --older-than 400d --dry-run
              weir retention --older-than 400d
              weir retention --older-than 90d --statistics-older-than 1825d
            """)

    @Option(
        help: ArgumentHelp("Age of the runs to delete, a day or more, such as 400d.", valueName: "age"), transform: Reading.age)
    var olderThan: Duration?

    @Flag(help: "Keep no statistics of the runs that are deleted.")
    var withoutStatistics = false

    @Option(
        help: ArgumentHelp(
            "Age of the statistics to delete, a day or more, such as 1825d. The age counts from the end of their day.",
            valueName: "age"),
        transform: Reading.age)
    var statisticsOlderThan: Duration?

    @Option(
        help: ArgumentHelp("Age of the events of the audit log to delete, a day or more. (default: 400d)", valueName: "age"),
        transform: Reading.age)
    var auditOlderThan: Duration = RetentionLimits.auditAge

    @Flag(help: "Count what would be deleted, but delete nothing.")
    var dryRun = false

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard olderThan != nil || statisticsOlderThan != nil else {
            throw ValidationError("Missing --older-than or --statistics-older-than. Accepted: an age, such as 400d.")
        }
        if withoutStatistics, olderThan == nil {
            throw ValidationError("--without-statistics belongs to --older-than. Omit it, or add --older-than.")
        }
    }

    func run() async throws {
        let console = Console.standard
        let bar = ProgressBar(console: console)
        let report = try await StoreAccess.with(try data.location(), creating: false) { administration in
            defer { bar.clear() }
            var report = RetentionReport()
            if let olderThan { report.runs = try await deleteRuns(olderThan, administration, bar) }
            if let statisticsOlderThan {
                report.statistics = try await deleteStatistics(statisticsOlderThan, administration)
            }
            report.events = try await deleteEvents(administration)
            return report
        }
        if output.json {
            try console.print(report.json(elapsed: bar.elapsed))
        } else {
            if let table = report.table(width: console.outputWidth) { try console.print(table) }
            console.note(report.sentences(elapsed: bar.elapsed))
        }
    }

    private func deleteRuns(
        _ age: Duration, _ administration: any StoreAdministration, _ bar: ProgressBar
    ) async throws -> RetentionReport.Runs {
        let time = SystemTime()
        let cutoff = Timestamp(milliseconds: time.now.milliseconds - age.milliseconds)
        let counts = try await administration.endedRuns(createdBefore: cutoff)
        var report = RetentionReport.Runs(cutoff: cutoff, tenants: counts)
        guard !dryRun else { return report }
        let total = report.found
        let work = RetentionWork(isShared: administration.isShared, time: time) {
            try await administration.deleteEndedRuns(
                createdBefore: cutoff, from: $0, addingToStatistics: !withoutStatistics)
        }
        report.totals = try await work.run { totals in
            bar.show {
                ProgressBar.line(
                    totals.runs, "runs deleted", fraction: total > 0 ? Double(totals.runs) / Double(total) : nil, elapsed: $0)
            }
        }
        return report
    }

    private func deleteStatistics(
        _ age: Duration, _ administration: any StoreAdministration
    ) async throws -> RetentionReport.Statistics {
        let time = SystemTime()
        let day = CountStep.day.start(of: Timestamp(milliseconds: time.now.milliseconds - age.milliseconds))
        var report = RetentionReport.Statistics(day: day, found: try await administration.statistics(before: day))
        guard !dryRun else { return report }
        report.deleted = try await deleteStepwise(administration) { try await administration.deleteStatistics(before: day) }
        return report
    }

    private func deleteEvents(_ administration: any StoreAdministration) async throws -> Int {
        let time = SystemTime()
        let cutoff = Timestamp(milliseconds: time.now.milliseconds - auditOlderThan.milliseconds)
        guard !dryRun else { return try await administration.auditEventCount(happenedBefore: cutoff) }
        return try await deleteStepwise(administration) { try await administration.deleteAuditEvents(happenedBefore: cutoff) }
    }

    /// - Parameter step: deletes some records, and returns their number: 0 when none is left.
    /// - Returns: how many were deleted.
    private func deleteStepwise(
        _ administration: any StoreAdministration, step: @escaping () async throws -> Int
    ) async throws -> Int {
        let work = RetentionWork(isShared: administration.isShared, time: SystemTime()) { _ in
            let deleted = try await step()
            return RetentionStep(deletedRuns: deleted, next: deleted > 0 ? RetentionPlace(text: "") : nil)
        }
        return try await work.run { _ in }.runs
    }
}
