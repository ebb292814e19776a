import ArgumentParser
import Testing
import WorkflowAPI
import WorkflowModel

@testable import weir

@Suite("The arguments of weir runs")
struct RunVerbTests {
    private static func question(_ words: String..., view: String? = nil) throws -> RunQuestion {
        let verb = try #require(try Weir.parseAsRoot(["runs"] + words) as? Runs)
        let view = view.map {
            SavedView(name: "v", search: $0, savedBy: Principal(id: "wk_1", name: "deploy"), savedAt: Samples.noon)
        }
        return try verb.question.question(after: view)
    }

    /// A value for each field, to find an option that no filter reads.
    private static func value(of field: RunFilterField) -> String {
        switch field.kind {
        case .dateTime: "2024-04-01T00:00:00.000Z"
        case .state: "failed"
        case .attribution: "platform"
        case .label: "team:crm"
        case .runMode: "full"
        case .duration: "10m"
        case .count: "2"
        case .flag: "true"
        case .text, .words: "some-text"
        }
    }

    @Test(arguments: RunFilterField.all)
    func everyFieldHasAnOption(field: RunFilterField) throws {
        let value = Self.value(of: field)
        // A flag has no value.
        let words = field == .hasWarnings ? [field.option] : [field.option, value]
        let verb = try #require(try Weir.parseAsRoot(["runs"] + words) as? Runs)
        let filter = try verb.question.question(after: nil).filter
        #expect(filter.texts.map(\.field) == [field])
        #expect(filter.texts.map(\.text) == [value])
        #expect(filter == (try RunFilter { $0 == field ? [value] : [] }))
    }

    @Test func aFlagHasAnOpposite() throws {
        #expect(try Self.question("--no-has-warnings").filter.hasWarnings == false)
        #expect(try Self.question("warnings:no").filter.hasWarnings == false)
        #expect(try Self.question().filter.hasWarnings == nil)
    }

    @Test(arguments: RunFilterField.all.filter { $0.mostValues > 1 && $0.kind == .text })
    func anOptionWithSeveralValuesMayBeRepeated(field: RunFilterField) throws {
        let filter = try Self.question(field.option, "a", field.option, "b").filter
        #expect(filter.texts.map(\.text) == ["a", "b"])
    }

    @Test func searchAndOptionsAreOneFilter() throws {
        let question = try Self.question("state:failed", "workflow:cg-daily", "--state", "canceled", "--attribution", "platform")
        #expect(question.filter.states == [.failed, .canceled])
        #expect(question.filter.configurations.single == "cg-daily")
        #expect(question.filter.attributions == [.platform])
        #expect(question.sort == nil)
    }

    @Test func aSearchContinuesThatOfItsView() throws {
        let question = try Self.question("workflow:cg-daily", view: "state:failed sort:runtime")
        #expect(question.filter.states == [.failed])
        #expect(question.filter.configurations.single == "cg-daily")
        #expect(question.sort == RunSort(by: .runtime))
    }

    @Test func aViewThatCannotBeReadIsNotAUsageError() {
        #expect {
            try Self.question(view: "state:unheard-of")
        } throws: { ($0 as? CommandFailure)?.status == .data }
    }

    @Test(arguments: [
        ["since:2024", "--created-from", "2024-04"], ["mode:full", "--run-mode", "full"], ["took:>10m", "--runtime-from", "20m"],
        ["warnings:no", "--has-warnings"],
    ])
    func aFieldOfOneValueIsGivenOnce(words: [String]) {
        #expect {
            _ = try Weir.parseAsRoot(["runs"] + words)
        } throws: { error in
            Weir.exitCode(for: error).rawValue == ExitStatus.usage.rawValue
                && Weir.message(for: error).contains("\(words[1]) has two values")
        }
    }

    @Test(arguments: [
        ["state:unheard-of"], ["--label", "team"], ["--label", "a b=c"], ["--runtime-from", "10"], ["--attempts-from", "0"],
        ["--runtime-from", "2h", "--runtime-to", "1h"], ["--text", "x"], ["--attribution", "nobody"], ["--sort", "name"],
        ["--order", "up"], ["--format", "xml"], ["--json", "--format", "csv"], ["--output", "x.csv"],
        ["--format", "csv", "--limit", "3"], ["--format", "ndjson", "--with-total"], ["--format", "csv", "--output", ""],
        ["--by", "colour"], ["--by", ""], ["--by", "state", "--limit", "101"], ["--by", "state", "--format", "csv"],
        ["--by", "state", "--sort", "ended"], ["--by", "state", "--all"], ["--view", ""], ["--created-from", "someday"],
    ])
    func wrongArgumentsAreReported(words: [String]) {
        #expect {
            _ = try Weir.parseAsRoot(["runs"] + words)
        } throws: { error in
            Weir.exitCode(for: error).rawValue == ExitStatus.usage.rawValue && !Weir.message(for: error).isEmpty
        }
    }

    @Test func aLabelIsWrittenAsWithOtherTools() throws {
        let label = try #require(RunLabel("example.com/team:crm"))
        #expect(try Self.question("--label", "example.com/team=crm").filter.labels.included == [label])
        #expect(try Self.question("--label", "example.com/team:crm").filter.labels.included == [label])
        #expect(try Reading.label("empty=").value.isEmpty)
    }

    @Test(arguments: ["-7d", "7d", "yesterday", "2024-04"])
    func aTimeMayBeRelativeAndBeginWithAMinus(text: String) throws {
        let from = try #require(try Self.question("--created-from", text).filter.created?.from)
        #expect(from == TypedTime(text, at: Reading.now)?.start)
        #expect(from < Reading.now)
    }

    @Test func otherVerbsTakeRelativeTimes() throws {
        let start = try #require(try Weir.parseAsRoot(["start", "cg", "--range-from", "-1d", "--range-to", "today"]) as? Start)
        #expect(start.rangeFrom == Reading.now + .seconds(-86_400))
        let backfill = try #require(try Weir.parseAsRoot(["backfill", "cg", "--from", "7d", "--to", "now"]) as? Backfill)
        #expect(backfill.span.to == Reading.now && backfill.span.from.map { $0 < Reading.now } == true)
        let history = try #require(try Weir.parseAsRoot(["schedule", "history", "cg", "--from", "yesterday"]) as? ScheduleHistory)
        #expect(history.from.map { $0 < Reading.now } == true)
    }

    @Test(arguments: [
        [], ["--from", "7d"], ["--to", "now"], ["--day", "2026-11-03", "--month", "2026-11"],
        ["--from", "7d", "--to", "now", "--day", "2024-02-03"], ["--from", "now", "--to", "7d"], ["--from", "now", "--to", "9999"],
        ["--day", "2026-02-30"], ["--day", "2026-2-3"], ["--day", "yesterday"], ["--day", "2026-11"], ["--month", "2026-11-03"],
        ["--month", "2026-13"], ["--month", "9998-01"], ["--day", "2024-02-03", "--since", "now"],
    ])
    func aBackfillHasOneRangeOfThePast(words: [String]) {
        #expect {
            _ = try Weir.parseAsRoot(["backfill", "cg"] + words)
        } throws: { error in
            Weir.exitCode(for: error).rawValue == ExitStatus.usage.rawValue && !Weir.message(for: error).isEmpty
        }
    }

    @Test func aDayOfABackfillHasTheTicksOfItsLocalTime() throws {
        // The days on which the clocks of New York change have 23 and 25 hours.
        let zone = try SystemScheduleZones().zone(named: "America/New_York")
        let hourly = Schedule(id: "default", cron: try CronExpression("@hourly"), timeZone: "America/New_York")
        for (day, hours) in [("2024-03-10", 23), ("2024-11-03", 25), ("2024-11-04", 24)] {
            let backfill = try #require(try Weir.parseAsRoot(["backfill", "cg", "--day", day]) as? Backfill)
            let window = backfill.span.window(at: Reading.now)
            let ticks = hourly.preview(after: window.from + .milliseconds(-1), before: window.to, count: 100, in: zone)
            #expect(ticks.filter { $0.fires && backfill.span.contains($0) }.count == hours, "\(day)")
        }
        let month = try #require(try Weir.parseAsRoot(["backfill", "cg", "--month", "2024-02"]) as? Backfill)
        let window = month.span.window(at: Reading.now)
        let ticks = hourly.preview(after: window.from + .milliseconds(-1), before: window.to, count: 1_000, in: zone)
        #expect(ticks.filter(month.span.contains).count == 29 * 24)
        // A month that is not over has the ticks so far.
        let middle = try #require(Timestamp(iso8601: "2024-02-15T12"))
        #expect(month.span.window(at: middle).to == middle + .milliseconds(1))
    }

    @Test(arguments: [
        ([], nil), (["--sort", "runtime"], RunSort(by: .runtime)),
        (["--sort", "ended", "--order", "asc"], RunSort(by: .ended, .ascending)),
        (["--order", "asc"], RunSort(by: .created, .ascending)),
        (["--order", "asc", "ended-since:2024"], RunSort(by: .ended, .ascending)),
        (["sort:-runtime"], RunSort(by: .runtime, .ascending)), (["sort:-runtime", "--sort", "ended"], RunSort(by: .ended)),
        (["sort:runtime", "--order", "asc"], RunSort(by: .runtime, .ascending)),
    ])
    func theOrderIsThatOfTheOptionsOrOfTheSearch(words: [String], sort: RunSort?) throws {
        let verb = try #require(try Weir.parseAsRoot(["runs"] + words) as? Runs)
        #expect(verb.sorting.sort(of: try verb.question.question(after: nil)) == sort)
    }

    @Test(arguments: [
        ("state", [RunFacet.state]), ("workflow,attribution", [.configuration, .attribution]),
        ("config_id,config-id", [.configuration, .configuration]), ("error,error_type", [.errorType, .errorType]),
        ("principal,type", [.principal, .type]),
    ])
    func dimensionsHaveTheNamesOfTheAPIAndOfTheSearch(text: String, facets: [RunFacet]) throws {
        #expect(try Reading.facets(text) == facets)
    }

    @Test(arguments: [
        (["runs", "-type:bridge.sync"], ["runs", " -type:bridge.sync"]),
        (["runs", "--all", "-type:x"], ["runs", "--all", "-type:x"]),
        (["runs", "state:failed", "-type:x", "--", "-by:y"], ["runs", "state:failed", " -type:x", "--", "-by:y"]),
        (["runs", "--type", "-a:b"], ["runs", "--type", "-a:b"]), (["runs", "-h"], ["runs", "-h"]),
        (["views", "save", "x", "-by:y"], ["views", "save", "x", " -by:y"]), (["show", "-a:b"], ["show", "-a:b"]),
        (["runs", "-7d:"], ["runs", "-7d:"]),
    ])
    func aTermThatExcludesIsNoOption(given: [String], parsed: [String]) {
        #expect(ExcludedTerms.marked(given) == parsed)
    }

    @Test func aTermThatExcludesMayComeFirst() throws {
        let words = ExcludedTerms.marked(["runs", "-type:bridge.sync"])
        let verb = try #require(try Weir.parseAsRoot(words) as? Runs)
        #expect(try verb.question.question(after: nil).filter.types.excluded == ["bridge.sync"])
    }

    @Test(arguments: [
        (["--label", "a=1", "--label", "a=2"], "names the key a twice"),
        ((0...20).flatMap { ["--label", "k\($0)=v"] }, "appears 21 times"),
        (["--label", "a b=1"], "key=value with a key of"),
    ])
    func wrongLabelsOfAStartAreReported(words: [String], reason: String) {
        #expect {
            _ = try Weir.parseAsRoot(["start", "cg"] + words)
        } throws: { Weir.exitCode(for: $0).rawValue == ExitStatus.usage.rawValue && Weir.message(for: $0).contains(reason) }
    }
}
