import Testing
import WorkflowModel
import WorkflowTestKit

@testable import WorkflowPages

@Suite("The filter panel")
struct FilterPanelTests {
    private static let now = StoreBench.after(3_600)

    private static func address(_ search: String) throws -> HistoryAddress {
        HistoryAddress(try RunSearch(reading: search, at: now), at: now)
    }

    private static func runs() -> [WorkflowRun] {
        (0..<30).map { number in
            let isFailed = number % 3 == 0
            return WorkflowRun(
                id: RunID(rawValue: "wf-\(number + 10)"), tenant: StoreBench.acme, name: number % 2 == 0 ? "Daily" : "Other",
                type: "t.\(number % 10)", state: isFailed ? .failed : .succeeded, createdAt: StoreBench.after(Double(number)),
                endedAt: StoreBench.after(100), principal: Principal(id: "wk_\(number % 2)", name: "Bo"),
                error: isFailed
                    ? RunError(attribution: number == 0 ? nil : .customer, type: number < 6 ? "a/rare" : "a/often", message: "No")
                    : nil,
                origin: RunOrigin(configuration: number % 2 == 0 ? "cg-daily" : "cg-other"))
        }
    }

    @Test("the questions leave out a dimension's own condition, and those that kept counts answer come first")
    func questions() throws {
        let all = FacetPlan(try Self.address("").filter, of: StoreBench.acme)
        #expect(
            all.queries.map(\.facets) == [
                [.state], [.type], [.configuration, .errorType, .principal],
                [.attribution, .errorType, .configuration],
            ])
        let plan = FacetPlan(try Self.address("state:failed type:t.1 since:7d").filter, of: StoreBench.acme)
        let byState = try #require(plan.queries.first { $0.facets.contains(.state) })
        #expect(byState.filter.states == nil && byState.filter.types.single == "t.1" && byState.filter.created != nil)
        let byType = try #require(plan.queries.first { $0.facets.contains(.type) })
        #expect(byType.filter.states == [.failed] && byType.filter.types.isEmpty)
        #expect(plan.queries.count == 3, "The failures are those of the list itself.")
        let added = FacetPlan(try Self.address("workflow:cg-daily").filter, of: StoreBench.acme)
        #expect(added.queries.first?.facets == [.state], "Stores keep counts by state for one added condition.")
        #expect(
            added.queries.first { $0.facets.contains(.type) }?.facets.contains(.principal) == true, "One search for the others.")
    }

    @Test("a count that stopped early is not below the runs of the list")
    func leastTotals() {
        #expect(RunTotal.moreThan(18).beside(known: 50) == .moreThan(49))
        #expect(RunTotal.moreThan(120_000).beside(known: 50) == .moreThan(120_000))
        #expect(RunTotal.exactly(3).beside(known: 50) == .exactly(3) && RunTotal.moreThan(0).beside(known: 0) == .moreThan(0))
    }

    @Test("all questions share the time of one search, and what one does not need is for the others")
    func budgets() {
        let whole = SearchBudget.standard.time
        #expect(FacetPlan.budget(of: whole, after: .zero, left: 4).time == whole / 4)
        #expect(FacetPlan.budget(of: whole, after: .milliseconds(10), left: 1).time == whole - .milliseconds(10))
        #expect(FacetPlan.budget(of: whole, after: .seconds(3), left: 2).time == .zero)
    }

    @Test("a value is a link that adds it or takes it away")
    func links() throws {
        let address = try Self.address("state:failed since:7d sort:runtime")
        let counts = FacetPlan(address.filter, of: StoreBench.acme).counts(of: Self.runs())
        let panel = FacetPanel(counts, of: address, names: FacetNames(Self.runs()))
        let states = try #require(panel.groups.first { $0.id == "state" })
        #expect(states.any == "/runs?created_from=7d&sort=runtime")
        let failed = try #require(states.values.first { $0.label == "Failed" })
        #expect(failed.isChosen && failed.count == "10" && failed.href == "/runs?created_from=7d&sort=runtime")
        let succeeded = try #require(states.values.first { $0.label == "Succeeded" })
        #expect(!succeeded.isChosen && succeeded.count == "20")
        #expect(succeeded.href == "/runs?created_from=7d&state=succeeded&state=failed&sort=runtime")
        let workflows = try #require(panel.groups.first { $0.id == "config_id" })
        #expect(workflows.values.map(\.label) == ["Daily", "Other"] && workflows.values.map(\.detail) == ["cg-daily", "cg-other"])
        let people = try #require(panel.groups.first { $0.id == "principal_id" })
        #expect(people.values.map(\.detail) == ["wk_0", "wk_1"], "Two principals of one name are told apart.")
        #expect(panel.note == nil)
    }

    @Test("a stopped run is no fault: faults are counted without it, and a fault that is chosen excludes it")
    func stoppedRuns() throws {
        let stopped = Self.runs().map { run in
            var stopped = run
            (stopped.state, stopped.error) = (.canceled, .manuallyStopped)
            return stopped
        }
        func faults(_ search: String) throws -> FacetGroup? {
            let address = try Self.address(search)
            let counts = FacetPlan(address.filter, of: StoreBench.acme).counts(of: Self.runs() + stopped)
            return FacetPanel(counts, of: address, names: FacetNames([])).groups.first { $0.id == "attribution" }
        }
        let all = try #require(try faults("").flatMap { $0.values.first { $0.label == "Customer" } })
        #expect(all.count == "9" && all.href == "/runs?state=failed&attribution=customer")
        let both = try #require(try faults("state:failed,canceled").flatMap { $0.values.first { $0.label == "Customer" } })
        #expect(both.count == "9" && both.href == "/runs?state=failed&attribution=customer")
        let chosen = try #require(try faults("state:failed attribution:customer").flatMap { $0.values.first { $0.isChosen } })
        #expect(chosen.count == "9" && chosen.href == "/runs?state=failed")
        #expect(try faults("state:canceled") == nil)
    }

    @Test("of many values those with most runs are shown, and the chosen ones with a number only when it is known")
    func manyValues() throws {
        let address = try Self.address("type:none,t.9")
        let counts = FacetPlan(address.filter, of: StoreBench.acme).counts(of: Self.runs())
        let panel = FacetPanel(counts, of: address, names: FacetNames([]))
        let types = try #require(panel.groups.first { $0.id == "type" })
        #expect(types.values.count == FacetPanel.most + 2)
        #expect(types.values.suffix(2).map(\.label) == ["none", "t.9"] && types.values.suffix(2).map(\.count) == ["0", "3"])
        let many = (0..<40).map { number in
            var run = Self.runs()[0]
            run.type = "t.\(number)"
            return run
        }
        let more = FacetPanel(FacetPlan(address.filter, of: StoreBench.acme).counts(of: many), of: address, names: FacetNames([]))
        #expect(more.groups.first { $0.id == "type" }?.values.first { $0.label == "none" }?.count == nil)
    }

    @Test("a field with as many values as it takes offers no further ones")
    func fullFields() throws {
        var filter = RunFilter()
        for number in 0..<RunFilterField.repeatedValues { filter = try #require(filter.toggling("t.\(number)", of: .type)) }
        #expect(filter.toggling("t.more", of: .type) == nil)
        #expect(filter.toggling("t.0", of: .type)?.types.included?.count == RunFilterField.repeatedValues - 1)
        #expect(RunFilter(type: "x").toggling("x", of: .type) == RunFilter())
    }

    @Test("failures are one line; without any there is none")
    func failures() throws {
        let address = try Self.address("")
        let plan = FacetPlan(address.filter, of: StoreBench.acme)
        var counts = plan.counts(of: Self.runs())
        let last = try #require(plan.lastQuery(counts))
        #expect(last.filter.errorTypes.single == "a/often" && last.filter.states == [.failed] && last.facets == [.configuration])
        counts.worstWorkflow = "cg-other"
        let line = try #require(FailureLine(counts, of: address))
        #expect(
            line.failed.label == "Failed 10" && line.parts.map { $0.before + $0.label } == [": customer 9", ", not attributed 1"])
        #expect(line.most?.href == "/runs?state=failed&error_type=a/often")
        #expect(line.place?.href == "/workflows/cg-other")
        #expect(line.time == " at any time")
        let good = Self.runs().filter { $0.state == .succeeded }
        #expect(FailureLine(plan.counts(of: good), of: address) == nil)
        let ended = FacetPlan(try Self.address("state:succeeded").filter, of: StoreBench.acme)
        #expect(FailureLine(ended.counts(of: Self.runs()), of: try Self.address("state:succeeded")) == nil)
        let single = FacetPlan(try Self.address("workflow:cg-daily").filter, of: StoreBench.acme)
        #expect(single.lastQuery(single.counts(of: Self.runs())) == nil)
    }

    @Test(
        "the chart asks for deleted runs where statistics have the conditions of the list",
        arguments: [
            ("", true), ("since:7d state:failed type:a workflow:b attribution:customer -type:c", true),
            ("since:7d label:a:b", false), ("since:7d words", false), ("since:1d", false),
            ("ended-since:7d", false), ("since:7d principal:p", false),
        ])
    func deletedRuns(search: String, isAsked: Bool) throws {
        let plan = try #require(ChartPlan(try Self.address(search), at: Self.now))
        #expect((plan.deleted != nil) == isAsked)
        if let deleted = plan.deleted { #expect(deleted.window == plan.filter.created) }
    }

    @Test("conditions without a list of values are chips that remove themselves")
    func chips() throws {
        let search = #"since:7d "connection reset" label:team:crm -type:bridge.sync took:>10m attempts:>1 state:failed"#
        let chips = FilterChip.all(of: try Self.address(search), at: Self.now)
        #expect(
            Set(chips.map(\.label)) == [#""connection reset""#, "label:team:crm", "-type:bridge.sync", "took:>10m", "attempts:>=2"])
        let label = try #require(chips.first { $0.label == "label:team:crm" })
        #expect(!label.href.contains("label=") && label.href.contains("created_from=7d") && label.href.contains("text=connection"))
    }

    @Test("quick choices of a window are links, and another moving time is shown as one")
    func windows() throws {
        let week = WindowFields(.created, of: try Self.address("since:7d state:failed"), at: Self.now)
        #expect(week.choices.first(where: \.isCurrent)?.label == "7 days" && week.from.isEmpty)
        #expect(week.choices.first { $0.label == "24 hours" }?.href == "/runs?created_from=24h&state=failed")
        let moving = WindowFields(.created, of: try Self.address("on:yesterday"), at: Self.now)
        #expect(moving.choices.last?.label == "yesterday" && moving.choices.last?.isCurrent == true && !moving.hasDates)
        let exact = WindowFields(.created, of: try Self.address("since:2023-11-01"), at: Self.now)
        #expect(exact.from == "2023-11-01T00:00:00" && exact.to.isEmpty && !exact.choices.contains(where: \.isCurrent))
    }
}

@Suite("The order and the end of a list")
struct ListEndTests {
    private static let now = StoreBench.after(3_600)

    @Test("a heading sorts by its column, and the other way round when the list is sorted by it already")
    func headings() throws {
        let headings = SortHeading.all(of: HistoryAddress(try RunSearch(reading: "state:failed", at: Self.now), at: Self.now))
        #expect(headings.map(\.label) == ["Started", "Ended", "Duration"])
        #expect(headings.map(\.direction) == ["descending", nil, nil])
        #expect(
            headings.map(\.href) == [
                "/runs?state=failed&sort=created&order=asc", "/runs?state=failed&sort=ended", "/runs?state=failed&sort=runtime",
            ])
        let shortest = HistoryAddress(try RunSearch(reading: "sort:-runtime", at: Self.now), at: Self.now)
        #expect(SortHeading.all(of: shortest).map(\.direction) == [nil, nil, "ascending"])
        #expect(SortHeading.all(of: shortest).last?.href == "/runs?sort=runtime")
    }

    @Test(arguments: [
        (RunSort(by: .created), false, "Searched back to"), (RunSort(by: .created), true, "Searched up to"),
        (RunSort(by: .ended, .ascending), false, "Searched up to"), (RunSort(by: .ended, .ascending), true, "Searched back to"),
        (RunSort(by: .runtime), false, "Searched down to durations of 1 m 30 s"),
        (RunSort(by: .runtime, .ascending), false, "Searched up to durations of 1 m 30 s"),
    ])
    func aSearchThatEndedEarlySaysHowFarItCame(_ sort: RunSort, _ isBackwards: Bool, _ words: String) throws {
        var address = HistoryAddress().sorted(by: sort)
        let cursor = RunCursor(key: sort.key, value: 90_000, id: RunID(rawValue: "wf-1"))
        if isBackwards { address.place = .before(cursor) }
        var query = RunQuery(tenant: StoreBench.acme, sort: sort)
        if isBackwards { query.before = cursor }
        let page = RunPage(fetched: [], for: query, stoppedAt: cursor)
        let stop = try #require(SearchStop(page, at: address))
        #expect(stop.words == words && (stop.time == nil) == (sort.key == .runtime))
        #expect(stop.href.hasSuffix(isBackwards ? "before=90000~wf-1" : "after=90000~wf-1"))
        #expect(SearchStop(RunPage(fetched: [], for: query), at: address) == nil)
    }

    @Test("newer runs are looked for from the newest one down, within a small budget")
    func newerRuns() throws {
        func watch(_ pairs: [(String, String)]) throws -> HistoryWatch {
            try HistoryWatch(parameters: pairs.map { (name: $0.0, value: $0.1) }, at: Self.now)
        }
        let since = "\(StoreBench.after(10).milliseconds)~wf-5"
        let plain = try #require(try watch([("state", "failed"), ("since", since)]).newerQuery(of: StoreBench.acme))
        #expect(plain.filter.created?.from == StoreBench.after(10) && plain.budget == HistoryWatch.budget && plain.before == nil)
        let search = try watch([("text", "reset"), ("since", since)])
        #expect(search.newerQuery(of: StoreBench.acme)?.budget == HistoryWatch.budget)
        #expect(try watch([("state", "failed")]).newerQuery(of: StoreBench.acme) == nil)
        let runs = [("wf-7", 12.0), ("wf-6", 10), ("wf-5", 10), ("wf-4", 10)].map { id, seconds in
            WorkflowRun(
                id: RunID(rawValue: id), tenant: StoreBench.acme, name: "Daily", type: "a.b", state: .failed,
                createdAt: StoreBench.after(seconds), principal: StoreBench.someone)
        }
        #expect(search.newer(in: RunPage(runs: runs)) == 2)
    }

    @Test("the view that the page shows is marked and always visible")
    func views() throws {
        let visitor = Visitor(key: "wk_1", name: "Ada", tenant: StoreBench.acme, policy: .operator, formToken: "token")
        let views = (1...10).map { number in
            SavedView(
                name: "V\(number)", search: "type:t\(number) since:7d", savedBy: StoreBench.someone, savedAt: StoreBench.start)
        }
        let shown = HistoryAddress(try RunSearch(reading: "since:7d type:t9", at: Self.now), at: Self.now)
        let bar = ViewsBar(views, at: shown, for: visitor, now: Self.now)
        #expect(bar.views.count == ViewsBar.most && bar.views.last?.label == "V9" && bar.views.last?.isCurrent == true)
        #expect(bar.moreLabel == "4 more" && bar.save == nil && !bar.all.isCurrent)
        let other = HistoryAddress(try RunSearch(reading: "since:8d", at: Self.now), at: Self.now)
        #expect(ViewsBar(views, at: other, for: visitor, now: Self.now).save == "/views/new?q=since:8d")
        #expect(ViewsBar(views, at: HistoryAddress(), for: visitor, now: Self.now).save == nil)
        let broken = SavedView(name: "Old", search: "gone:key", savedBy: StoreBench.someone, savedAt: StoreBench.start)
        #expect(broken.address(at: Self.now) == "/runs?q=gone:key")
    }
}
