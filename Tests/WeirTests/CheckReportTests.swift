import Testing
import WorkflowAPI
import WorkflowModel

@testable import WorkflowOperations
@testable import weir

@Suite("Reports of weir check")
struct CheckReportTests {
    private static func finding(_ remedy: StoreFinding.Remedy) -> StoreFinding {
        StoreFinding(.counts, places: 1_234, "Kept numbers are wrong.", remedy: remedy)
    }

    @Test(
        arguments: [
            ([], ExitStatus.succeeded, "No problems found."),
            ([.repaired], .succeeded, "All problems are repaired."),
            ([.repairable], .data, "Run weir check --repair to repair them."),
            ([.repaired, .repairable], .data, "Run weir check --repair to repair them."),
            ([.repairable, .lasting], .data, "Some problems cannot be repaired. Restore the data directory from a backup."),
        ] as [([StoreFinding.Remedy], ExitStatus, String)])
    func exitCodeAndAdviceNameTheRemainingProblems(_ remedies: [StoreFinding.Remedy], status: ExitStatus, advice: String) {
        let report = CheckReport(findings: remedies.map(Self.finding))
        #expect(report.status == status)
        #expect(report.advice == advice)
        #expect((report.text(json: false, width: nil) == nil) == remedies.isEmpty)
    }

    @Test func aChangedAuditLogIsNoCaseForARepair() {
        let report = CheckReport(findings: [StoreFinding(.audit, places: 1, "Changed.", remedy: .lasting)])
        #expect(report.status == .data && report.advice.hasPrefix("Find out who changed the database."))
    }

    @Test func findingsAreATableAndSurviveTheSocket() throws {
        let findings = [Self.finding(.repairable), StoreFinding(.storage, places: 1, "Damaged.", remedy: .lasting)]
        let table = try #require(CheckReport(findings: findings).text(json: false, width: nil))
        #expect(
            table == """
                SUBJECT  PLACES  PROBLEM                  REMEDY
                counts    1,234  Kept numbers are wrong.  --repair
                storage       1  Damaged.                 a backup
                """)
        let json = try #require(CheckReport(findings: findings).text(json: true, width: nil))
        #expect(try JSONReader.list(Array(json.utf8)) { try $0.finding() } == findings)
    }
}
