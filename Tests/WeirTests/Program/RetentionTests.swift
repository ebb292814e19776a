import Foundation
import ProgramTestKit
import Testing
import WorkflowModel

@testable import WorkflowOperations
@testable import weir

@Suite("Retention")
struct RetentionTests {
    private let directory: TemporaryDirectory
    private var data: String { directory.path + "/data" }

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func load(_ numbers: ClosedRange<Int>) async throws {
        let file = try directory.write(History.text(numbers), to: "history.ndjson")
        _ = try await ServerProcess.makeKey(on: ["--data", data])
        let loaded = try await Program.run(["import", file, "--tenant", "acme", "--data", data])
        #expect(loaded.status == 0, "\(loaded.messages)")
    }

    private func retention(_ options: String...) async throws -> Program.Ended {
        try await Program.run(["retention", "--data", data] + options)
    }

    @Test func aDryRunReportsTheRunsThatRetentionDeletes() async throws {
        try await load(1...1_200)
        let looked = try await retention("--older-than", "30d", "--dry-run")
        #expect(looked.status == 0)
        #expect(looked.output.contains("acme") && looked.output.contains("1,200"))
        #expect(looked.messages.contains("1,200 runs created before "))
        let done = try await retention("--older-than", "30d")
        #expect(done.status == 0)
        #expect(done.output.isEmpty)
        #expect(done.messages.hasPrefix("Deleted 1,200 runs created before "))
        let again = try await retention("--older-than", "30d")
        #expect(again.messages.hasSuffix(". Nothing was deleted.\n"))
    }

    @Test func aServiceDoesItForTheProgram() async throws {
        try await load(1...700)
        let server = try await ServerProcess.start(data)
        let looked = try await retention("--older-than", "1d", "--dry-run", "--json")
        let expected = #""dry_run":true,"tenants":[{"tenant":"acme","runs":700}],"audit_events":0,"elapsed_ms":"#
        #expect(looked.output.contains(expected), "\(looked.output)")
        let done = try await retention("--older-than", "1d", "--json")
        #expect(done.output.contains(#""deleted_runs":700,"dropped_months":0,"#), "\(done.output)")
        #expect(try await retention("--older-than", "1d", "--dry-run").messages.hasPrefix("No ended run was created before "))
        #expect(try await server.end(with: SIGTERM) == 0)
    }

    @Test(arguments: ["23h", "0d", "400", "-1d", "36501d", "much"])
    func otherAgesAreRefused(age: String) async throws {
        let refused = try await retention("--older-than=\(age)")
        #expect(refused.status == ExitStatus.usage.rawValue)
        #expect(refused.messages.contains("a duration from 1d to 36500d"))
        #expect(!FileManager.default.fileExists(atPath: data))
    }

    @Test func aMissingStoreIsReported() async throws {
        #expect(try await retention("--older-than", "400d").status == ExitStatus.noInput.rawValue)
        #expect(!FileManager.default.fileExists(atPath: data))
    }

    @Test func theReportCountsWholeMonths() {
        let tenants = [TenantRunCount(tenant: Samples.tenant, runs: 1)]
        var report = RetentionReport(runs: .init(cutoff: Samples.noon, tenants: tenants))
        #expect(
            report.sentences(elapsed: .zero) == "1 run created before 2024-02-10 12:00:00Z would be deleted. Nothing was deleted."
        )
        report.runs?.totals = RetentionTotals(runs: 5_000, months: 2)
        #expect(
            report.sentences(elapsed: .seconds(3))
                == "Deleted 5,000 runs created before 2024-02-10 12:00:00Z, including 2 whole months, in 3.0s.")
    }

    @Test func statisticsOfTheDeletedRunsStayUntilTheyAreDeletedToo() async throws {
        try await load(1...700)
        let server = try await ServerProcess.start(data)
        #expect(try await retention("--older-than", "1d", "--json").output.contains(#""deleted_runs":700"#))
        let looked = try await retention("--statistics-older-than", "2d", "--dry-run")
        #expect(looked.messages.contains(" would be deleted."), "\(looked.messages)")
        let done = try await retention("--statistics-older-than", "2d", "--json")
        #expect(done.output.contains(#""dry_run":false,"statistics_before":""#) && done.output.contains(#""deleted_statistics":"#))
        #expect(try await retention("--statistics-older-than", "2d").messages.hasPrefix("There are no statistics of days before "))
        #expect(try await server.end(with: SIGTERM) == 0)
    }

    @Test func withoutStatisticsNothingOfTheRunsStays() async throws {
        try await load(1...30)
        #expect(try await retention("--older-than", "1d", "--without-statistics").messages.hasPrefix("Deleted 30 runs "))
        let looked = try await retention("--statistics-older-than", "1d", "--dry-run")
        #expect(looked.messages.hasPrefix("There are no statistics of days before "), "\(looked.messages)")
    }

    @Test func optionsThatDoNotBelongTogetherAreRefused() async throws {
        let nothing = try await retention("--dry-run")
        #expect(nothing.status == ExitStatus.usage.rawValue)
        #expect(nothing.messages.contains("Missing --older-than or --statistics-older-than."))
        let alone = try await retention("--statistics-older-than", "400d", "--without-statistics")
        #expect(alone.status == ExitStatus.usage.rawValue)
        #expect(alone.messages.contains("--without-statistics belongs to --older-than."))
    }

    @Test func theReportCountsStatistics() {
        var report = RetentionReport(statistics: .init(day: Samples.noon, found: 1_204))
        #expect(report.sentences(elapsed: .zero) == "1,204 statistics of days before 2024-02-10 would be deleted.")
        report.statistics?.deleted = 1
        #expect(report.sentences(elapsed: .zero) == "Deleted 1 statistic of days before 2024-02-10.")
        let members = #""statistics_before":"2024-02-10","statistics":1204,"deleted_statistics":1,"deleted_audit_events":0"#
        #expect(report.json(elapsed: .zero) == #"{"dry_run":false,\#(members),"elapsed_ms":0}"#)
    }
}
