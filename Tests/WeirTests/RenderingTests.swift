import ArgumentParser
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowOperations

@testable import weir

@Suite("Tables and JSON")
struct RenderingTests {
    static let runs = [
        Samples.run(1), Samples.run(2, state: .inProgress, took: nil), Samples.run(3, state: .failed, error: Samples.fault),
        Samples.run(4, state: .canceled, took: .seconds(7_380), error: .manuallyStopped, origin: Samples.origin),
        Samples.run(5, origin: RunOrigin(), attempts: 3),
    ]

    @Test func runsAreATable() throws {
        try Snapshot.check(RunTables.runs(Self.runs, width: nil).text(), "runs")
    }

    @Test(arguments: [60, 110, 160])
    func aTableShrinksOnANarrowTerminal(width: Int) throws {
        let lines = RunTables.runs(Self.runs, width: width).lines()
        if width > 100 { #expect(lines.allSatisfy { $0.count <= width }) }
        try Snapshot.check(lines.joined(separator: "\n"), "runs-\(width)")
    }

    /// All tables, with wide cells.
    private static let wideTables: [(name: String, text: @Sendable (Int?) -> String)] = {
        let run = Samples.run(3, state: .failed, error: Samples.fault, origin: Samples.origin, attempts: 12)
        var long = run
        long.name = String(repeating: "A rather long name ", count: 8)
        long.type = "amperity.orchestration.orchestration/run"
        long.principal.name = "a principal with a long name of its own"
        var details = Samples.failed
        details.run = long
        details.tasks[0].label = String(repeating: "長いラベル", count: 12)
        let configuration =
            #"{"data":[{"id":"cg-daily-with-a-long-id","name":"\#(long.name)","type":"\#(long.type)","version":"#
            + #""etv-20240101-00001-aaaaaa","number":12,"created_at":"2024-02-10T12:00:00.000Z","created_by":{"id":"k","name":"#
            + #""\#(long.principal.name)"},"record":{"ended":30,"succeeded":29,"success_percent":97,"p50_ms":65250,"p95_ms":7380000}}]}"#
        let configurations = (try? ConfigurationAnswer.list(json: Array(configuration.utf8))) ?? []
        let key = KeyDescription(
            id: "wk_kq0FQmPzJx3vX1yR", tenant: Samples.tenant, name: long.name, policy: .operator, createdAt: Samples.noon,
            rotatedAt: Samples.noon)
        let facets = RunFacets(
            total: .exactly(1_234),
            values: [
                .state: [.init(text: "failed", runs: 1_233), .init(text: "running-with-failures", runs: 1)],
                .configuration: [.init(text: long.type, runs: 41), .init(text: long.name, runs: 6)],
            ])
        let figures = RunFigures(runs: 1_234_567, totalRuntime: .seconds(1_234_567 * 7_380), longestRuntime: .seconds(86_400 * 9))
        let group = RunStatistics.Group(
            values: [
                .day: "2024-02-10", .state: "running-with-failures", .type: ExactText(long.type),
                .configuration: ExactText(long.name), .attribution: "customer",
            ], figures: figures)
        let statistics = RunStatistics(
            total: figures, groups: [group, .init(values: [.day: "2024-02-09"], figures: figures)], isComplete: true)
        let view = SavedView(
            name: long.name, search: "state:failed workflow:\(long.type) \"\(long.name)\"", savedBy: long.principal,
            savedAt: Samples.noon)
        var settings = TenantSettings(tenant: Samples.tenant, rateLimit: 50, tasksAtOnce: 3)
        for number in 1...12 { settings.resources["resource-\(number)"] = number }
        return [
            ("runs", { [long] in RunTables.runs([run, long], width: $0).text() }),
            ("runs by end", { [long] in RunTables.runs([run, long], sortedBy: .ended, width: $0).text() }),
            ("runs by runtime", { [long] in RunTables.runs([run, long], sortedBy: .runtime, width: $0).text() }),
            ("facets", { FacetTables.text(facets, in: [.state, .configuration], limit: 2, width: $0) }),
            ("statistics", { StatisticTables.table(statistics, by: StatisticDimension.allCases, width: $0).text() }),
            ("views", { ViewTables.list([view], width: $0).text() }), ("view", { ViewTables.facts(view, width: $0) }),
            ("show", { [details] in Show.text(details, attempts: Samples.attempts, width: $0) }),
            ("configs", { RunTables.configurations(configurations, width: $0).text() }),
            ("apply", { RunTables.stored(configurations, width: $0).text() }),
            ("keys", { KeyPrinter.text([key], json: false, width: $0) }),
            ("audit", { [long] in AuditPrinter.table([Self.event(by: long.principal)], width: $0) }),
            ("tenants", { [settings] in KeyPrinter.text([settings], json: false, width: $0) }),
        ]
    }()

    private static func event(by principal: Principal) -> AuditEvent {
        AuditEvent(
            id: AuditEventID(rawValue: "ae-20240210-00003-aBcDeF"), type: AuditEventType.runStopped.rawValue,
            tenant: Samples.tenant, happenedAt: Samples.noon, principal: principal,
            object: AuditObject("wf-20240210-00003-aBcDeF", name: "Daily"),
            origin: AuditOrigin(address: "2001:db8::7334", userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:128.0)", session: "s"))
    }

    @Test func anExportOfTheAuditLogHasALineForEachEvent() throws {
        var event = Self.event(by: Principal(id: "wk_1", name: "=cmd|' /C'!A0", email: nil))
        event.origin.userAgent = "a \"quoted\", text"
        let lines = AuditPrinter.export([event, event], as: .ndjson, isFirst: true).split(separator: UInt8(ascii: "\n"))
        #expect(lines.count == 2 && lines.first == lines.last)
        #expect(JSONValue(json: Array(lines[0]))?["object_name"] == "Daily")
        let csv = String(decoding: AuditPrinter.export([event], as: .csv, isFirst: true), as: UTF8.self)
        #expect(
            csv
                == "event_id,event_type,tenant,tenant_family,happened_at,principal_id,principal_name,principal_email,object_id,"
                + "object_name,origin_ip,user_agent,session_id\r\nae-20240210-00003-aBcDeF,weir.workflow/stopped,acme,acme,"
                + "2024-02-10T12:00:00.000Z,wk_1,'=cmd|' /C'!A0,,wf-20240210-00003-aBcDeF,Daily,2001:db8::7334,"
                + "\"a \"\"quoted\"\", text\",s\r\n")
        #expect(AuditPrinter.export([], as: .csv, isFirst: false).isEmpty)
    }

    @Test(arguments: [80, 100, 120, 200], wideTables.indices)
    func noLineIsLongerThanTheTerminal(width: Int, table: Int) {
        let (name, text) = Self.wideTables[table]
        let lines = text(width).split(separator: "\n", omittingEmptySubsequences: false)
        for line in lines { #expect(line.displayWidth <= width, "\(name): \(line)") }
        // A file or a pipe gets complete cells.
        #expect(!text(nil).contains("…"))
    }

    @Test func atEightyColumnsAnIdIsWholeAndOneColumnIsShortened() throws {
        let text = Self.wideTables[0].text(80)
        #expect(text.contains("wf-20240210-00003-aBcDeF") && text.contains("Failed (customer)"))
        #expect(text.split(separator: "\n").allSatisfy { $0.count(where: { $0 == "…" }) <= 1 })
        try Snapshot.check(Self.wideTables.map { "\($0.name)\n\($0.text(80))" }.joined(separator: "\n\n"), "tables-80")
    }

    @Test func aLongTextIsWrapped() {
        let table = TextTable(
            [.init(title: "id"), .init(title: "why", fit: .wrapped)],
            rows: [["a", "one two three four five six seven"], ["b", String(repeating: "x", count: 30)]], width: 21)
        #expect(
            table.lines() == [
                "ID  WHY", "a   one two three", "    four five six", "    seven", "b   xxxxxxxxxxxxxxxxx", "    xxxxxxxxxxxxx",
            ])
        #expect(
            TextTable.facts([("A", "one two three four five"), ("Long", "x")], width: 22)
                == "A     one two three\n      four five\nLong  x")
    }

    @Test(arguments: [1, 2, 5, 24])
    func theProgressFitsTheTerminal(height: Int) {
        var tasks = (0..<100).map { Samples.task($0, "task-\($0)", state: $0 < 60 ? .succeeded : .scheduled) }
        tasks[70].state = .running
        tasks[90] = Samples.task(90, "task-90", state: .failed, error: Samples.fault)
        let lines = TaskProgress.lines(tasks, width: 79, height: height)
        #expect(lines.count == height)
        #expect(lines.allSatisfy { $0.displayWidth <= 79 })
        #expect(lines.last?.hasPrefix("… and \(100 - height + 1) more: ") == true)
        if height > 2 { #expect(lines.contains { $0.hasPrefix("task-70") } && lines.contains { $0.hasPrefix("task-90") }) }
        #expect(TaskProgress.lines(Array(tasks.prefix(height)), width: 79, height: height).count == height)
    }

    @Test func aRunIsShownWithTasksAndRetries() throws {
        try Snapshot.check(Show.text(Samples.failed, attempts: Samples.attempts, width: nil), "show")
    }

    @Test func aRunWithWarningsSaysHowManyAndWhich() throws {
        var (run, failed) = (Samples.run(), Samples.run(2, state: .failed, error: Samples.fault))
        (run.warnings, failed.warnings) = (1_002, 1)
        let list = RunTables.runs([run, failed], width: 80).text()
        #expect(list.contains("Succeeded (1,002 warnings)") && list.contains("Failed (customer) "))
        #expect(RunTables.runs([run, failed], width: nil).text().contains("  1 warning  "))
        var details = WorkflowRunDetails(run: run, tasks: [Samples.task(1, "pull-orders", state: .succeeded)])
        details.tasks[0].warnings = try TaskWarnings(["3 rows\u{1B}[2J have no price"])
        let text = Show.text(details, attempts: [], width: 80)
        #expect(text.contains("Warnings  1,002\n") && text.contains("Succeeded (1 warning)"))
        #expect(text.hasSuffix("TASK         WARNING\npull-orders  3 rows<U+001B>[2J have no price"), "\(text)")
    }

    @Test func aRunShowsItsNotes() {
        let note = RunNote(by: Principal(id: "wk_1", name: "deploy"), at: Samples.noon, text: "Late files.\nThe supplier knows.")
        let text = Show.text(WorkflowRunDetails(run: Samples.run(), notes: [note]), attempts: [], width: 80)
        #expect(
            text.hasSuffix(
                """
                WRITTEN               BY      NOTE
                2024-02-10 12:00:00Z  deploy  Late files.
                                              The supplier knows.
                """), "\(text)")
    }

    @Test(arguments: ["", " \n", "a\u{1B}[1m", String(repeating: "a", count: RunNote.characters.upperBound + 1)])
    func aNoteThatNoRunTakesIsAUsageError(text: String) {
        #expect {
            _ = try Weir.parseAsRoot(["note", "wf-1", text])
        } throws: { error in
            Weir.exitCode(for: error).rawValue == ExitStatus.usage.rawValue
                && Weir.message(for: error).contains("Accepted: a text of")
        }
    }

    @Test func aStoppedRunNamesTheRequesterAndNoError() {
        var details = WorkflowRunDetails(
            run: Samples.run(2, state: .canceled, error: .manuallyStopped),
            stop: RunStop(
                requestedAt: Samples.noon + .seconds(60), requestedBy: Principal(id: "wk_9", name: "night-shift"),
                reason: "wrong month"),
            tasks: [Samples.task(1, "pull", state: .canceled, error: .manuallyStopped)])
        let text = Show.text(details, attempts: [], width: nil)
        #expect(text.contains("at 2024-02-10 12:01:00Z by night-shift (wk_9): wrong month"))
        #expect(!text.lowercased().contains("customer") && !text.contains("Error"))
        details.stop = nil
        #expect(Show.text(details, attempts: [], width: nil).contains("at 2024-02-10 12:01:05Z"))
        let ending = TaskEnding(
            terminatedAt: Samples.noon, killedAt: Samples.noon + .seconds(10), goneAt: Samples.noon + .seconds(11))
        var attempt = TaskAttemptRecord(
            task: details.tasks[0].id, number: 1, startedAt: Samples.noon, endedAt: Samples.noon + .seconds(12), outcome: .canceled,
            ending: ending)
        #expect(
            Show.text(details, attempts: [attempt], width: nil).hasSuffix(
                "\n  SIGTERM 2024-02-10 12:00:00Z, SIGKILL 2024-02-10 12:00:10Z, last process gone 2024-02-10 12:00:11Z"))
        attempt.ending = TaskEnding(callCanceledAt: Samples.noon, goneAt: Samples.noon)
        #expect(Show.text(details, attempts: [attempt], width: nil).hasSuffix("\n  call canceled 2024-02-10 12:00:00Z"))
    }

    @Test func aSkippedTaskShowsItsReason() {
        var details = Samples.failed
        details.tasks[2].skipReason = .failedNeed
        #expect(Show.text(details, attempts: [], width: nil).contains("Not run (a task it needs failed)"))
        details.tasks[2].skipReason = .runMode
        #expect(Show.text(details, attempts: [], width: nil).contains("Not in this run mode"))
    }

    @Test func closingTasksAreShownApart() throws {
        var details = Samples.failed
        details.tasks[0].when = .always
        (details.tasks[2].when, details.tasks[2].state, details.tasks[2].skipReason) = (.failure, .skipped, .noFailure)
        details.closingUntil = Samples.noon + .seconds(120)
        let text = Show.text(details, attempts: [], width: nil)
        let parts = text.split(separator: "CLOSING TASK")
        #expect(parts.count == 2, "\(text)")
        #expect(parts.last?.contains(details.tasks[0].definitionID) == true)
        #expect(parts.last?.contains("Not needed (nothing failed)") == true)
        #expect(parts.first?.contains(details.tasks[1].definitionID) == true)
        #expect(text.contains("may run until 2024-02-10 12:02:00Z"))
    }

    @Test func anUnknownAttributionIsNotShown() {
        let error = RunError(attribution: nil, type: "a.b/c", message: "No such table")
        #expect(HumanText.state(.failed, error) == "Failed")
        #expect(HumanText.fault(error) == "No such table")
        #expect(HumanText.state(.failed, Samples.fault) == "Failed (customer)")
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
        #expect(lines.first?.hasSuffix("SUCCEEDED     P50     P95  LABELS  PAUSE") == true)
        #expect(lines.dropFirst().first?.hasSuffix(" 29 of 30  1m 05s  2h 03m  –       –") == true)
        #expect(lines.last?.hasSuffix(" –       –       –  –       –") == true)
    }

    @Test func aPausedWorkflowSaysWhoPausedItAndWhy() throws {
        let pause = #""pause":{"reason":"migration","paused_by":{"id":"k","name":"Ada"},"since":"2024-02-10T12:00:00.000Z"}"#
        let members =
            #""type":"a.b","version":"etv-1","number":1,"created_at":"2024-02-10T12:00:00.000Z","created_by":{"id":"k","name":"N"}"#
        let list = #"{"data":[{"id":"cg-a","name":"A",\#(members),\#(pause)},{"id":"cg-b","name":"B",\#(members)}]}"#
        let answers = try ConfigurationAnswer.list(json: Array(list.utf8))
        #expect(JSONOutput.configurations(answers) == list)
        let words = "Paused by Ada since 2024-02-10 12:00:00Z, until it is resumed: migration"
        #expect(RunTables.configurations(answers, width: nil).lines().map { $0.hasSuffix(words) } == [false, true, false])
        #expect(RunTables.configurations(answers, width: 200).lines().dropFirst(2).first == "  \(words)")
    }

    @Test func keysAndTenantsAreShown() throws {
        let key = KeyDescription(
            id: "wk_1", tenant: Samples.tenant, name: "deploy", policy: .admin, createdAt: Samples.noon, rotatedAt: Samples.noon)
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
        #expect(HumanText.printable("a\u{1B}[2J\r\nb\u{202E}c\u{9B}") == "a<U+001B>[2J\\r\\nb<U+202E>c<U+009B>")
        #expect(HumanText.printable("Größe №1 👍🏽") == "Größe №1 👍🏽")
    }

    @Test func theProgressBarOfAnImportShowsRateAndRemainingTime() {
        let totals = ImportTotals(added: 40_000, alreadyThere: 0, bytes: 250)
        #expect(
            ImportProgress.line(totals, size: 1_000, elapsed: .seconds(2))
                == "[######------------------]  25%  40,000 runs  20,000/s  6.0s left")
        #expect(ImportProgress.line(totals, size: nil, elapsed: .seconds(2)) == "40,000 runs  20,000/s")
        #expect(
            ImportProgress.line(ImportTotals(), size: 0, elapsed: .zero) == "0 runs  0/s")
    }
}
