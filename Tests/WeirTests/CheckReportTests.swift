import Testing
import WorkflowAPI
import WorkflowModel

@testable import weir

@Suite("What a check reports")
struct CheckReportTests {
    private static func finding(_ remedy: StoreFinding.Remedy) -> StoreFinding {
        StoreFinding(.counts, places: 1_234, "Kept numbers are wrong.", remedy: remedy)
    }

    @Test(
        arguments: [
            ([], ExitStatus.succeeded, "Everything agrees."),
            ([.repaired], .succeeded, "Everything agrees again."),
            ([.repairable], .data, "weir check --repair puts this right."),
            ([.repaired, .repairable], .data, "weir check --repair puts this right."),
            ([.repairable, .lasting], .data, "What only a backup has cannot be repaired: restore the data directory from one."),
        ] as [([StoreFinding.Remedy], ExitStatus, String)])
    func theExitCodeAndTheAdviceSayWhatIsLeft(_ remedies: [StoreFinding.Remedy], status: ExitStatus, advice: String) {
        let report = CheckReport(findings: remedies.map(Self.finding))
        #expect(report.status == status)
        #expect(report.advice == advice)
        #expect((report.text(json: false, width: nil) == nil) == remedies.isEmpty)
    }

    @Test func findingsAreATableAndCrossTheSocketWhole() throws {
        let findings = [Self.finding(.repairable), StoreFinding(.storage, places: 1, "Damaged.", remedy: .lasting)]
        let table = try #require(CheckReport(findings: findings).text(json: false, width: nil))
        #expect(
            table == """
                SUBJECT  PLACES  WHAT IS WRONG            REMEDY
                counts    1,234  Kept numbers are wrong.  --repair
                storage       1  Damaged.                 a backup
                """)
        let json = try #require(CheckReport(findings: findings).text(json: true, width: nil))
        #expect(try JSONReader.list(Array(json.utf8)) { try $0.finding() } == findings)
    }
}
