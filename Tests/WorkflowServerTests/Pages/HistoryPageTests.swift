import HTTPTypes
import HummingbirdTesting
import Synchronization
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowPages
import WorkflowTestKit

@testable import WorkflowServer

@Suite("Pages: the run history")
struct HistoryPageTests {
    /// Failed, succeeded and running runs of two workflows with one name.
    static func addHistory(to service: ServiceUnderTest, of tenant: Tenant = ServiceUnderTest.acme) async throws {
        let runs = try (0..<12).map { number in
            let isFailed = number % 3 == 0
            var run = try service.run(
                "wf-\(tenant.name)-\(number < 10 ? "0" : "")\(number)", created: "2024-02-01T0\(number % 10)",
                ended: "2024-02-01T1\(number % 10)", state: isFailed ? .failed : .succeeded,
                type: number < 6 ? "courier.group/run" : "bridge.sync", of: tenant)
            if isFailed {
                run.error = RunError(
                    attribution: number == 0 ? .platform : .customer, type: number == 0 ? "t/lost" : "t/exit",
                    message: "Connection \(number) reset")
            }
            run.origin = RunOrigin(
                configuration: number % 2 == 0 ? "cg-\(tenant.name)" : "cg-second",
                labels: RunLabels([RunLabel("team:\(number < 6 ? "crm" : "ops")")].compactMap(\.self)), runMode: .full)
            run.attempts = number == 1 ? 3 : 1
            return run
        }
        try await service.addRuns(runs, to: tenant)
    }

    static func box(_ page: String) -> String? {
        page.split(separator: "name=\"q\" value=\"").dropFirst().first.map { String($0.prefix { $0 != "\"" }) }
    }

    static func rows(_ page: String) -> [String] {
        page.split(separator: "id=\"row-").dropFirst().map { String($0.prefix { $0 != "\"" }) }
    }

    @Test("the box leads to the address of its conditions, and shows those of the address")
    func theBox() async throws {
        try await withService { service in
            let (browser, _) = try await BrowserSession.signedIn(.viewer, on: service)
            try await Self.addHistory(to: service)
            let search = "state%3Afailed+workflow%3Acg-acme+since%3A2024-02-01"
            let answer = try await browser.get("/runs?state=succeeded&q=\(search)")
            let address = try #require(answer.headers[.location])
            #expect(answer.status == .seeOther)
            #expect(address == "/runs?created_from=2024-02-01&state=failed&config_id=cg-acme")
            let page = try await browser.get(address).text
            #expect(Self.box(page) == "state:failed workflow:cg-acme since:2024-02-01")
            #expect(Self.rows(page) == ["wf-acme-06", "wf-acme-00"])
            #expect(try await browser.get("/runs?q=&state=failed").headers[.location] == "/runs", "An empty box clears the search.")
            let relative = try await browser.get("/runs?q=since%3A7d").headers[.location]
            #expect(relative == "/runs?created_from=7d")
        }
    }

    @Test("a search that cannot be read is shown with the reason and its term marked, and without a list or counts")
    func wrongSearches() async throws {
        try await withService { service in
            let (browser, _) = try await BrowserSession.signedIn(.viewer, on: service)
            try await Self.addHistory(to: service)
            for wrong in ["stat%3Afailed", "state%3Asideways", "%22open", "took%3Along", "since%3Asoon", "x"] {
                let answer = try await browser.get("/runs?state=failed&q=\(wrong)")
                #expect(answer.status == .badRequest, "\(wrong)")
                #expect(answer.text.contains("id=\"search-problem\"") && answer.text.contains("aria-invalid=\"true\""))
                #expect(Self.rows(answer.text).isEmpty && !answer.text.contains("class=\"failures\""), "\(wrong)")
                #expect(!answer.text.contains("class=\"count\"") && !answer.text.contains("id=\"total\""), "\(wrong)")
                #expect(!answer.text.contains("data-live=") && answer.text.contains("<mark>"), "\(wrong)")
                #expect(answer.text.contains("<a href=\"/runs?state=failed\">Show the former list</a>"), "\(wrong)")
                #expect(Self.box(answer.text) != "state:failed")
                #expect(answer.text.contains("<input type=\"hidden\" name=\"state\" value=\"failed\">"))
            }
            let marked = try await browser.get("/runs?q=workflow%3Acg-acme+state%3Afaild+since%3A7d").text
            #expect(marked.contains("<code>workflow:cg-acme <mark>state:faild</mark> since:7d</code>"))
            #expect(marked.contains("did you mean `failed`?"))
            let long = try await browser.get("/runs?q=\(String(repeating: "x", count: 4_097))")
            #expect(long.status == .badRequest && !long.text.contains("<mark>"))
            let hostile = try await browser.get("/runs?q=%3Cscript%3E%3A%3Cb%3E%22").text
            #expect(!hostile.contains("<script>:") && !hostile.contains("<b>&quot;"))
        }
    }

    @Test("values are counted without their own condition, and failures are summed up in a line")
    func counts() async throws {
        try await withService { service in
            let (browser, _) = try await BrowserSession.signedIn(.viewer, on: service)
            try await Self.addHistory(to: service)
            func count(_ label: String, in page: String) -> String? {
                page.split(separator: ">\(label)</span><span class=\"count\">").dropFirst().first.map {
                    String($0.prefix { $0 != "<" })
                }
            }
            let page = try await browser.get("/runs?created_from=2024-02-01&state=failed").text
            #expect(count("Failed", in: page) == "4" && count("Succeeded", in: page) == "8")
            #expect(count("Customer", in: page) == "3" && count("Platform", in: page) == "1")
            #expect(page.contains("Failed 4</a>: <a href="))
            #expect(page.contains(">customer 3</a>, <a") && page.contains(">platform 1</a>; most: <a"))
            #expect(page.contains("<code>t/exit</code></a> in <a") && page.contains("<code>cg-second</code></a></p>"))
            var lost = try service.run("wf-lost", created: "2024-02-03", ended: "2024-02-04", state: .failed)
            lost.error = RunError(attribution: nil, type: "t/exit", message: "No side is known")
            try await service.addRuns([lost])
            let three = try await browser.get("/runs?created_from=2024-02-01&state=failed").text
            #expect(three.contains("Failed 5</a>: <a href=") && three.contains(">platform 1</a>, not attributed 1; most: <a"))
            let both = try await browser.get("/runs?created_from=2024-02-01&state=failed&attribution=platform").text
            #expect(count("Failed", in: both) == "1" && count("Customer", in: both) == "3")
            #expect(!(try await browser.get("/runs?state=succeeded&created_from=2024-02-01").text.contains("class=\"failures\"")))
        }
    }

    @Test("the headings sort in both directions, and pages keep the order")
    func sorting() async throws {
        try await withService { service in
            let (browser, _) = try await BrowserSession.signedIn(.viewer, on: service)
            let runs = try (0..<40).map { number in
                try service.run(
                    "wf-\(number + 10)", created: "2024-02-01T00:00:\(number + 10)", ended: "2024-02-01T01:\(59 - number):00")
            }
            try await service.addRuns(runs + [try service.run("wf-open", created: "2024-02-02")])
            let longest = try await browser.get("/runs?sort=runtime").text
            #expect(Self.rows(longest).first == "wf-10" && !Self.rows(longest).contains("wf-open"))
            #expect(longest.contains("aria-sort=\"descending\"><a href=\"/runs?sort=runtime&amp;order=asc\""))
            #expect(longest.contains("Runs that have not ended are not in this order."))
            #expect(!longest.contains("since=0"), "Newer runs are not counted where they would not come first.")
            let shortest = try await browser.get("/runs?sort=runtime&order=asc").text
            #expect(Self.rows(shortest).first == "wf-49" && shortest.contains("aria-sort=\"ascending\""))
            let next = try #require(shortest.split(separator: "rel=\"next\" href=\"").dropFirst().first?.prefix { $0 != "\"" })
            let second = try await browser.get(String(next).replacing("&amp;", with: "&")).text
            #expect(Self.rows(shortest) + Self.rows(second) == (10..<50).reversed().map { "wf-\($0)" })
            #expect(Self.rows(try await browser.get("/runs?sort=ended").text).first == "wf-10")
            #expect(Self.rows(try await browser.get("/runs?order=asc").text).first == "wf-10")
        }
    }

    @Test("a search that has used up its budget says how far it came, also on an empty page")
    func earlyEnd() async throws {
        let stop = try #require(Timestamp(iso8601: "2023-10-03T14:02"))
        let replacing = { (stores: inout ServerStores) in stores.lists = StoppedSearches(lists: stores.lists, stop: stop) }
        try await withService(replacing: replacing) { service in
            let (browser, _) = try await BrowserSession.signedIn(.viewer, on: service)
            try await Self.addHistory(to: service)
            let page = try await browser.get("/runs?text=nothing").text
            #expect(page.contains("Searched back to <time datetime=\"2023-10-03T14:02:00.000Z\""))
            #expect(page.contains("after=\(stop.milliseconds)~wf-stop\">Continue</a>"))
            #expect(page.contains("No run found so far") && page.contains("more than 120,000 runs"))
            #expect(page.contains("class=\"count\">7+</span>") && page.contains("of the newest runs, 7 at least"))
        }
    }

    @Test("an address says what is wrong with it")
    func wrongAddresses() async throws {
        try await withService { service in
            let (browser, _) = try await BrowserSession.signedIn(.viewer, on: service)
            for address in [
                "sort=name", "order=up", "label=x", "on=soon", "attempts_from=0", "text=a", "runtime_from=2h&runtime_to=1h",
            ] {
                let answer = try await browser.get("/runs?\(address)")
                #expect(answer.status == .badRequest, "\(address)")
            }
        }
    }

    @Test("a changed run is marked when the filter no longer selects it, and newer runs are counted")
    func liveUpdates() async throws {
        try await withService { service in
            let (browser, _) = try await BrowserSession.signedIn(.viewer, on: service)
            _ = try await service.save(ServiceUnderTest.configuration(), as: "cg-daily", try await service.headers(.admin))
            let (worker, _) = try await BrowserSession.signedIn(.operator, on: service)
            let run = try #require(try await worker.post("/workflows/cg-daily/run", "once=1").headers[.location])
            let page = try await browser.get("/runs?state=scheduled&config_id=cg-daily").text
            let live = try #require(page.split(separator: "data-live=\"").dropFirst().first).prefix { $0 != "\"" }
                .replacing("&amp;", with: "&")
            #expect(try await !browser.get(live + "&once=yes").text.contains("no longer matches"))
            _ = try await worker.post(run + "/stop")
            service.clock.advance(by: .seconds(1))
            _ = try await worker.post("/workflows/cg-daily/run", "once=2")
            let changes = try await browser.get(live + "&once=yes").text
            #expect(changes.contains("no longer matches") && changes.contains("Stopped"))
            #expect(changes.contains("Show 1 newer run"))
            service.clock.advance(by: .seconds(1))
            _ = try await worker.post("/workflows/cg-daily/run", "once=3")
            #expect(try await browser.get(live + "&once=yes").text.contains("Show 2 newer runs"))
        }
    }

    @Test("newer runs of a search are looked for after a change only, and not at each look")
    func restingSearches() async throws {
        let asked = Mutex(0)
        let lists = Mutex<(any RunListStore)?>(nil)
        try await withService(
            replacing: { stores in
                let intercepted = InterceptedRunLists(lists: stores.lists) { asked.withLock { $0 += 1 } }
                lists.withLock { $0 = intercepted }
                stores.lists = intercepted
            },
            { service in
                let newer = NewerRuns(lists: try #require(lists.withLock { $0 }))
                let (tenant, start) = (ServiceUnderTest.acme, service.clock.now)
                func count(_ filter: String, after seconds: Int) async throws -> (runs: Int?, questions: Int) {
                    let parameters = [(name: filter, value: "cg-acme"), (name: "since", value: "0~-")]
                    let watch = try HistoryWatch(parameters: parameters, at: start)
                    asked.withLock { $0 = 0 }
                    let runs = try await newer.count(watch, of: tenant, at: start + .seconds(seconds))
                    return (runs, asked.withLock { $0 })
                }
                #expect(try await count("config_id", after: 0) == (0, 1))
                #expect(try await count("config_id", after: 60) == (0, 0))
                try await Self.addHistory(to: service)
                #expect(try await count("config_id", after: 61) == (6, 1))
                try await service.addRuns([try service.run("wf-more", created: "2024-02-02")])
                #expect(try await count("config_id", after: 62) == (6, 0))
                #expect(try await count("config_id", after: 66) == (6, 1))
                // An index answers a documented filter.
                #expect(try await count("type", after: 67) == (0, 1))
                #expect(try await count("type", after: 67) == (0, 1))
            })
    }

    @Test("the box is completed with keys, and with values of the own tenant only")
    func completions() async throws {
        try await withService { service in
            let (browser, _) = try await BrowserSession.signedIn(.viewer, on: service)
            try await Self.addHistory(to: service)
            try await Self.addHistory(to: service, of: ServiceUnderTest.other)
            func complete(_ text: String) async throws -> String { try await browser.get("/runs/completions?q=\(text)").text }
            #expect(try await complete("wor").contains(#""text":"workflow:""#))
            let workflows = try await complete("state%3Afailed+workflow%3Acg")
            #expect(workflows.contains("cg-acme") && workflows.contains("cg-second") && !workflows.contains("cg-other"))
            #expect(workflows.contains(#""from":22,"to":24"#))
            #expect(try await complete("label%3Ateam").contains("team:crm"))
            #expect(try await complete("error%3A").contains("t/exit"))
            #expect(try await complete("type%3Abri").contains("bridge.sync"))
            #expect(try await complete("by%3A").contains("p-1"))
            #expect(try await complete("%22quoted") == "[]")
            #expect(try await service.get("/runs/completions?q=wor", [.accept: "text/html"]).status == .seeOther)
        }
    }

    @Test("rows and the page of a run say where it belongs")
    func belonging() async throws {
        try await withService { service in
            let (browser, _) = try await BrowserSession.signedIn(.viewer, on: service)
            try await Self.addHistory(to: service)
            let page = try await browser.get("/runs?state=succeeded").text
            #expect(page.contains("href=\"/workflows/cg-second\"><code>cg-second</code></a>"))
            #expect(page.contains("href=\"/runs?state=succeeded&amp;config_id=cg-second\">"), "the filters narrow the list")
            #expect(
                page.contains("href=\"/runs?state=succeeded&amp;label=team:crm\">team:crm</a>") && page.contains(">3 attempts<"))
            let run = try await browser.get("/runs/wf-acme-01").text
            #expect(
                run.contains("href=\"/runs?config_id=cg-second\">all runs</a>") && run.contains("href=\"/runs?label=team:crm\""))
            #expect(run.contains("up to 3"))
        }
    }

    @Test("conditions on another tenant's values find nothing")
    func otherTenants() async throws {
        try await withService { service in
            let (browser, _) = try await BrowserSession.signedIn(.viewer, on: service)
            try await Self.addHistory(to: service, of: ServiceUnderTest.other)
            for address in ["config_id=cg-other", "text=reset", "principal_id=p-1", "error_type=t%2Fexit", "label=team%3Acrm"] {
                let page = try await browser.get("/runs?\(address)").text
                #expect(Self.rows(page).isEmpty && page.contains(">0 runs<"), "\(address)")
                #expect(!page.contains("wf-other") && !page.contains("class=\"failures\""))
            }
        }
    }
}

/// Searches whose budget is used up at once.
private struct StoppedSearches: RunListStore {
    let lists: any RunListStore
    let stop: Timestamp

    func runs(matching query: RunQuery) async throws -> RunPage {
        let place = RunCursor(key: query.sort.key, value: stop.milliseconds, id: RunID(rawValue: "wf-stop"))
        return RunPage(fetched: [], for: query, total: .moreThan(120_000), stoppedAt: place)
    }

    func facets(matching query: FacetQuery) async throws -> RunFacets {
        RunFacets(total: .moreThan(7), values: [.state: [RunFacets.Value(text: "failed", runs: 7)]])
    }

    func runCounts(matching query: RunCountQuery) async throws -> RunCounts { RunCounts() }

    func runs(withIDs ids: [RunID], of tenant: Tenant) async throws -> [WorkflowRun] {
        try await lists.runs(withIDs: ids, of: tenant)
    }

    func latestRuns(ofEach configurations: [String], of tenant: Tenant, limit: Int) async throws -> [String: [RecentRun]] { [:] }
    func runTypes(of tenant: Tenant, limit: Int) async throws -> [String] { [] }
    func stops(of runs: [RunID], tenant: Tenant) async throws -> [RunID: RunStop] { [:] }
    var changeNumber: UInt64? { nil }
}
