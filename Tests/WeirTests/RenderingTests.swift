import Testing
import WorkflowAPI
import WorkflowModel

@testable import weir

@Suite("Tables and JSON")
struct RenderingTests {
    static let runs = [
        Samples.run(1), Samples.run(2, state: .inProgress, took: nil), Samples.run(3, state: .failed, error: Samples.fault),
        Samples.run(4, state: .canceled, took: .seconds(7_380), error: .manuallyStopped),
    ]

    @Test func runsAreATable() throws {
        try Snapshot.check(RunTables.runs(Self.runs, width: nil).text(), "runs")
    }

    @Test(arguments: [60, 110])
    func aTableGivesWayOnANarrowTerminal(width: Int) throws {
        let lines = RunTables.runs(Self.runs, width: width).lines()
        if width > 100 { #expect(lines.allSatisfy { $0.count <= width }) }
        try Snapshot.check(lines.joined(separator: "\n"), "runs-\(width)")
    }

    @Test func aRunIsShownWithTasksAndRetries() throws {
        try Snapshot.check(Show.text(Samples.failed, attempts: Samples.attempts, width: nil), "show")
    }

    @Test func programsGetTheFormsOfTheAPI() throws {
        try Snapshot.check(
            [JSONOutput.run(Self.runs[2]), JSONOutput.details(Samples.failed, attempts: Samples.attempts)].joined(separator: "\n"),
            "json")
    }

    @Test func configurationsAreShownWithHowTheirLastRunsWent() throws {
        let members =
            #""type":"a.b","version":"etv-1","number":1,"created_at":"2024-02-10T12:00:00.000Z","created_by":{"id":"k","name":"CI"}"#
        let record = #""record":{"ended":30,"succeeded":29,"success_percent":97,"p50_ms":65250,"p95_ms":7380000}"#
        let list = #"{"data":[{"id":"cg-a","name":"A",\#(members),\#(record)},{"id":"cg-b","name":"B",\#(members)}]}"#
        let answers = try ConfigurationAnswer.list(json: Array(list.utf8))
        #expect(JSONOutput.configurations(answers) == list)
        let lines = RunTables.configurations(answers, width: nil).lines()
        #expect(lines.first?.hasSuffix("SUCCEEDED     P50     P95") == true)
        #expect(lines.dropFirst().first?.hasSuffix(" 29 of 30  1m 05s  2h 03m") == true)
        #expect(lines.last?.hasSuffix(" –       –       –") == true)
    }

    @Test func keysAndTenantsAreShown() throws {
        let key = KeyDescription(
            id: "wk_1", tenant: Samples.tenant, name: "deploy", policy: .admin, createdAt: Samples.noon, deposedAt: Samples.noon)
        let made = KeyWithSecret(key: key, secret: "s3cret")
        let tenants = [nil, 0, 50].map { TenantSettings(tenant: Samples.tenant, rateLimit: $0) }
        var parts: [String] = []
        for json in [false, true] {
            parts.append(KeyPrinter.text(made, json: json))
            parts.append(KeyPrinter.text([key], json: json, width: nil))
            parts.append(KeyPrinter.text(tenants, json: json, width: nil))
        }
        try Snapshot.check(parts.joined(separator: "\n\n"), "keys")
    }

    @Test(arguments: [
        (0, "0ms"), (999, "999ms"), (1_000, "1.0s"), (59_999, "59.9s"), (60_000, "1m 00s"), (65_000, "1m 05s"),
        (3_600_000, "1h 00m"), (7_380_000, "2h 03m"), (86_400_000, "1d 00h"), (273_600_000, "3d 04h"), (-1, "–"),
    ])
    func durationsHaveTwoUnitsAtMost(milliseconds: Int, text: String) {
        #expect(HumanText.duration(.milliseconds(milliseconds)) == text)
    }

    @Test(arguments: [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567"), (-1_000, "-1,000")])
    func countsHaveCommas(number: Int, text: String) {
        #expect(HumanText.count(number) == text)
    }

    @Test func nothingMovesTheCursor() {
        #expect(HumanText.printable("a\u{1B}[2J\r\nb\u{202E}c\u{9B}") == "a\u{FFFD}[2J\u{FFFD}\u{FFFD}b\u{FFFD}c\u{FFFD}")
        #expect(HumanText.printable("Größe №1 👍🏽") == "Größe №1 👍🏽")
    }

    @Test func theBarOfAnImportTellsRateAndRest() {
        let totals = ImportTotals(added: 40_000, alreadyThere: 0, bytes: 250)
        #expect(
            ImportProgress.line(totals, size: 1_000, elapsed: .seconds(2))
                == "[######------------------]  25%  40,000 runs  20,000/s  6.0s left")
        #expect(ImportProgress.line(totals, size: nil, elapsed: .seconds(2)) == "40,000 runs  20,000/s")
        #expect(
            ImportProgress.line(ImportTotals(), size: 0, elapsed: .zero) == "0 runs  0/s")
    }
}
