import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowServer
import WorkflowTestKit

/// Runs for tests of the filters that Weir adds.
struct QuestionedRuns {
    /// Six runs of acme and one of another tenant, which every filter of the tests would find.
    static func seed(_ service: ServiceUnderTest) async throws -> HTTPFields {
        try await service.addRuns(try acme(service))
        var theirs = try acme(service)[0]
        theirs.id = RunID(rawValue: "wf-x")
        theirs.tenant = ServiceUnderTest.other
        try await service.addRuns([theirs], to: ServiceUnderTest.other)
        return try await service.headers(.viewer)
    }

    private static func acme(_ service: ServiceUnderTest) throws -> [WorkflowRun] {
        var a = try service.run("wf-a", created: "2024-01-01", ended: "2024-01-01T00:10", state: .failed)
        a.name = "Load 100% of a_b"
        a.error = RunError(attribution: .customer, type: "weir.task.command/exit", message: "Connection RESET by peer")
        a.origin = RunOrigin(
            configuration: "cg-daily", labels: labels("team:crm", "tier:gold"), runMode: .full,
            range: TimeWindow(from: Timestamp(iso8601: "2024"), to: Timestamp(iso8601: "2025")), schedule: "nightly")
        a.attempts = 3
        var b = try service.run("wf-b", created: "2024-01-02", ended: "2024-01-02T01", state: .failed, type: "bridge.sync")
        b.error = RunError(attribution: .platform, type: "weir.worker/lost", message: "Lost. It's \"gone\"")
        b.origin = RunOrigin(configuration: "cg-weekly", labels: labels("team:crm"), runMode: .source)
        b.principal = Principal(id: "p-2", name: "Deployer")
        var c = try service.run("wf-c", created: "2024-01-03", ended: "2024-01-03T00:00:30", type: "campaign.send")
        c.origin = RunOrigin(
            configuration: "cg-daily", labels: labels("team:web", "empty:"), runMode: .full, rerunOf: RunID(rawValue: "wf-a"))
        var d = try service.run("wf-d", created: "2024-01-04")
        d.name = "Straße ÄÖ"
        d.origin.configuration = "cg-other"
        d.warnings = 2
        let e = try service.run("wf-e", created: "2024-01-05", ended: "2024-01-05T05", state: .canceled)
        let f = try service.run("wf-f", created: "2024-01-06", ended: "2024-01-06T00:10", type: "bridge.sync")
        return [a, b, c, d, e, f]
    }

    private static func labels(_ texts: String...) -> RunLabels {
        RunLabels(texts.compactMap(RunLabel.init(_:)))
    }

    /// Queries, and the runs that they find, newest first.
    static let filters: [(query: String, runs: String)] = [
        ("type=bridge.sync&type=campaign.send", "fcb"), ("not_type=bridge.sync", "edca"),
        ("not_type=bridge.sync&not_type=campaign.send", "eda"), ("type=bridge.sync&not_type=bridge.sync", ""),
        ("config_id=cg-daily", "ca"), ("config_id=cg-daily&config_id=cg-other", "dca"), ("config_id=CG-daily", ""),
        ("not_config_id=cg-daily", "fedb"), ("principal_id=p-2", "b"), ("principal_id=p-1&principal_id=p-2", "fedcba"),
        ("not_principal_id=p-1", "b"), ("attribution=customer", "a"), ("attribution=platform", "b"),
        ("attribution=platform&attribution=customer", "ba"), ("error_type=weir.worker/lost", "b"),
        ("error_type=weir.worker/lost&error_type=weir.task.command/exit", "ba"), ("not_error_type=weir.worker/lost", "fedca"),
        ("text=connection%20reset", "a"), ("text=CG-", "dcba"), ("text=wf-b", "b"), ("text=daily&text=cg-w", "b"),
        ("text=strasse", "d"), ("text=%C3%A4%C3%B6", "d"), ("not_text=daily", "d"), ("text=daily&not_text=wf-c", "feba"),
        ("text=100%25", "a"), ("text=%25%25", ""), ("text=a_b", "a"), ("text=a__", ""), ("text=__", ""), ("text=%22gone%22", "b"),
        ("text=It's", "b"), ("text='%20OR%20''='", ""), ("text=**", ""), ("text=daily%20OR%20load", ""),
        ("label=team:crm", "ba"), ("label=team:crm&label=tier:gold", "a"), ("label=empty:", "c"), ("label=team:CRM", ""),
        ("not_label=team:crm", "fedc"), ("label=team:crm&not_label=tier:gold", "b"),
        ("run_mode=full", "ca"), ("run_mode=source", "b"), ("run_mode=refresh", ""), ("schedule=nightly", "a"),
        ("rerun_of=wf-a", "c"), ("rerun_of=wf-b", ""),
        ("runtime_from=10m", "feba"), ("runtime_to=10m", "c"), ("runtime_from=10m&runtime_to=1h", "fa"),
        ("runtime_from=PT10M&runtime_to=PT1H0.001S", "fba"), ("runtime_from=10m&runtime_to=10m", ""),
        ("attempts_from=2", "a"), ("attempts_from=1", "fedcba"), ("attempts_from=4", ""),
        ("has_warnings=true", "d"), ("has_warnings=false", "fecba"), ("has_warnings=true&state=failed", ""),
        ("has_warnings=true&text=stra", "d"), ("has_warnings=false&attempts_from=2", "a"),
        ("state=failed&config_id=cg-daily&label=team:crm&attribution=customer&created_to=2024-02&text=load", "a"),
        ("config_id=cg-daily&ended_from=2024-01-02", "c"),
        // In other orders.
        ("sort=created&order=asc", "abcdef"), ("sort=ended", "fecba"), ("sort=ended&order=asc", "abcef"),
        ("sort=runtime", "ebfac"), ("sort=runtime&order=asc", "cafbe"), ("ended_from=2024&order=asc", "abcef"),
        ("ended_from=2024&sort=created", "fecba"), ("sort=runtime&config_id=cg-daily", "ac"),
        ("sort=runtime&state=started", ""), ("sort=ended&order=asc&type=bridge.sync&not_text=lost", "f"),
        ("order=asc&label=team:crm", "ab"),
    ]
}

@Suite("GET /api/workflow/runs with filters and orders of Weir's own")
struct ListFilterTests {
    @Test("each filter and order, alone and combined, page by page and with a total", arguments: QuestionedRuns.filters)
    func filters(query: String, expected: String) async throws {
        try await withService { service in
            let headers = try await QuestionedRuns.seed(service)
            let ids = expected.map { "wf-\($0)" }
            let response = try await service.get("\(Paths.runs)?\(query)&with_total=true", headers)
            #expect(try response.runIDs() == ids, "\(response.text)")
            #expect(try response.json()["total"] == .integer(Int64(ids.count)), "\(response.text)")
            #expect(response.headers[HeaderNames.totalCounted] == nil)
            var walked: [String] = []
            var token: String?
            repeat {
                let next = token.map { "&next_token=\($0)" } ?? ""
                let page = try await service.get("\(Paths.runs)?\(query)&limit=1\(next)", headers)
                walked += try page.runIDs()
                token = try page.json()["next_token"]?.string
            } while token != nil
            #expect(walked == ids)
        }
    }

    @Test("every field of the filter has a test of its own")
    func allFields() {
        let tested = QuestionedRuns.filters.map(\.query).joined(separator: "&")
        for field in RunFilterField.all where field != .createdFrom && field != .endedTo {
            #expect("&\(tested)".contains("&\(field.name)="), "\(field.name)")
        }
    }

    @Test("a run says where it belongs, in the list and in its verbose view, and nothing where that is unknown")
    func origins() async throws {
        try await withService { service in
            let headers = try await QuestionedRuns.seed(service)
            let members =
                #""config_id":"cg-daily","labels":{"team":"crm","tier":"gold"},"run_mode":"full","#
                + #""range_from":"2024-01-01T00:00:00.000Z","range_to":"2025-01-01T00:00:00.000Z","schedule":"nightly","attempts":3}"#
            #expect(try await service.get(Paths.runs + "?schedule=nightly", headers).text.contains(members))
            #expect(try await service.get(Paths.run(RunID(rawValue: "wf-a")) + "?view=verbose", headers).text.contains(members))
            let unknown = try await service.get(Paths.runs + "?text=wf-f", headers)
            #expect(unknown.text.hasSuffix(#""principal_id":"p-1","principal_name":"Operator"}]}"#))
            // The overview is the documented one.
            #expect(try await !service.get(Paths.run(RunID(rawValue: "wf-a")), headers).text.contains("config_id"))
        }
    }

    @Test("invalid input is a 400 that names what is accepted", arguments: invalidQueries + tooManyValues)
    func invalid(query: String, message: String) async throws {
        try await withService { service in
            let headers = try await service.headers(.viewer)
            for path in [Paths.runs, Paths.facets, Paths.export] {
                // Not every parameter of the list is one of the others, which then name theirs.
                let error = try await service.get("\(path)?\(query)", headers).error(.invalid)
                #expect(error.contains(message) || (path == Paths.facets && error.contains("Unknown parameter")), "\(error)")
            }
        }
    }

    private static let invalidQueries: [(query: String, message: String)] = [
        ("label=team", "label is \"team\", which is not a label; accepted is key:value"),
        ("label=:crm", "accepted is key:value with a key of 1 to 63"), ("label=a%20b:c", "which is not a label"),
        ("label=team:a:b", "which is not a label"), ("not_label=team%3Dcrm", "not_label is \"team=crm\", which is not a label"),
        ("text=a", "text is \"a\", which cannot be searched for; accepted is a text of 2 to 200 characters"),
        ("text=" + String(repeating: "a", count: 201), "accepted is a text of 2 to 200 characters"),
        ("text=" + String(repeating: "a", count: 10_240), "text is 10240 bytes long; at most 4096"),
        ("text=a%00b", "text contains a NUL character"), ("not_text=x", "2 to 200 characters"),
        ("attribution=me", "attribution is \"me\", which is no attribution; accepted are customer, platform"),
        ("run_mode=FULL", "run_mode is \"FULL\", which is no run mode; accepted are source, refresh, full"),
        ("runtime_from=soon", "runtime_from is \"soon\", which is not a duration; accepted is a duration such as 90s"),
        ("runtime_to=-5s", "which is not a duration"), ("runtime_from=P1M", "which is not a duration"),
        ("runtime_from=2h&runtime_to=1h", "runtime_to (1h) is before runtime_from (2h); a window ends after it starts"),
        ("attempts_from=0", "accepted is an integer from 1 to 1000"), ("attempts_from=1001", "an integer from 1 to 1000"),
        ("has_warnings=yes", "has_warnings is \"yes\", which is neither; accepted are true, false"), ("has_warnings=", "is empty"),
        ("has_warnings=true&has_warnings=true", "has_warnings appears more than once"),
        ("attempts_from=many", "an integer from 1 to 1000"), ("attempts_from=2&attempts_from=3", "more than once"),
        ("schedule=a&schedule=b", "schedule appears more than once"), ("rerun_of=a&rerun_of=b", "rerun_of appears more than once"),
        ("run_mode=full&run_mode=full", "run_mode appears more than once"), ("config_id=", "config_id is empty"),
        ("sort=name", "Unknown sort \"name\". Accepted: created, ended, runtime"), ("order=down", "Accepted: desc, asc"),
        ("attribution=customer&attribution=platform&attribution=customer", "attribution appears more than 2 times"),
        ("created_form=2024", "Unknown parameter \"created_form\". Did you mean created_from?"),
    ]

    private static let tooManyValues: [(query: String, message: String)] =
        RunFilterField.all.filter { $0.mostValues == RunFilterField.repeatedValues }.map { field in
            let value = field.kind.isLabel ? "a:b" : "failed"
            let query = Array(repeating: "\(field.name)=\(value)", count: RunFilterField.repeatedValues + 1).joined(separator: "&")
            return (query, "\(field.name) appears more than 20 times. Send fewer values.")
        }

    @Test(
        "relative times are refused in the documented parameters, with what is accepted",
        arguments: ["today", "yesterday", "-1d", "90m", "7d", "last%20monday", "now"],
        ["created_from", "created_to", "ended_from", "ended_to"])
    func relativeTimes(text: String, name: String) async throws {
        try await withService { service in
            let headers = try await service.headers(.viewer)
            let error = try await service.get("\(Paths.runs)?\(name)=\(text)", headers).error(.invalid)
            let value = text.replacing("%20", with: " ")
            #expect(error.hasPrefix("\(name) is \"\(value)\", which is not a date-time; accepted is an ISO 8601"), "\(error)")
        }
    }

    @Test("a page of a search that used its budget up says how far it came, and its token continues from there")
    func budgets() async throws {
        let replacing = { (stores: inout ServerStores) in
            let query = { @Sendable (query: RunQuery) -> RunQuery in
                var query = query
                query.budget = SearchBudget(time: .zero)
                return query
            }
            stores.lists = InterceptedRunLists(lists: stores.lists, query: query) {}
        }
        try await withService(replacing: replacing) { service in
            let first = try #require(Timestamp(iso8601: "2024-02-01"))
            let runs = try (0..<2_000).map { index in
                var run = try service.run("wf-\(10_000 + index)", created: (first + .seconds(index)).iso8601)
                if index % 900 == 0 { run.name = "Ünusual" }
                return run
            }
            try await service.addRuns(runs)
            let headers = try await service.headers(.viewer)
            // Two conditions that no index serves together.
            let filter = "text=%C3%BCn&not_text=wf-11&not_type=a"
            var found: [String] = []
            var stops: [Timestamp] = []
            var token: String?
            repeat {
                let next = token.map { "&next_token=\($0)" } ?? ""
                let response = try await service.get("\(Paths.runs)?\(filter)&limit=2\(next)", headers)
                let page = try RunListAnswer(json: Array(response.body.readableBytesView), headers: response.headers)
                found += page.runs.map(\.id.rawValue)
                token = page.nextToken
                if case .time(let stop)? = page.searchedTo { stops.append(stop) }
                #expect(!page.endedEarly || token != nil)
            } while token != nil
            #expect(found == ["wf-10900", "wf-10000"])
            #expect(stops == stops.sorted(by: >) && stops.allSatisfy { $0 >= first })
        }
    }
}

extension RunFilterField.Kind {
    fileprivate var isLabel: Bool {
        if case .label = self { true } else { false }
    }
}
