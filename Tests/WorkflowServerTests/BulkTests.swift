import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowServer
import WorkflowTestKit

@Suite("/api/workflow/bulk")
struct BulkTests {
    /// Twelve runs that wait, and two that have ended.
    private static func withRuns(_ body: @Sendable @escaping (ServiceUnderTest, HTTPFields) async throws -> Void) async throws {
        try await withService { service in
            let headers = try await service.headers(.admin)
            for id in ["cg-daily", "cg-other"] {
                let saved = try await service.save(ServiceUnderTest.configuration(id), as: id, headers)
                try #require(saved.status == .created)
            }
            for number in 0..<12 {
                let id = number < 9 ? "cg-daily" : "cg-other"
                let started = try await service.post(Paths.runs, headers, json: #"{"config_id":"\#(id)"}"#)
                try #require(started.status == .created)
                service.clock.advance(by: .seconds(1))
            }
            let ended = ["wf-a", "wf-b"]
            try await service.addRuns(try ended.map { try service.run($0, created: "2024-01-01", ended: "2024-01-01T00:10") })
            try await body(service, headers)
        }
    }

    @Test("a preview counts by state and workflow, shows ten runs, and changes nothing")
    func preview() async throws {
        try await Self.withRuns { service, headers in
            let body = #"{"action":"stop","filter":{"state":"scheduled"},"dry_run":true}"#
            let answer = try await service.post(Paths.bulk, headers, json: body)
            #expect(answer.status == .ok, "\(answer.text)")
            let preview = try BulkPreview(json: Array(answer.body.readableBytesView))
            #expect(preview.total == 12 && preview.hasAllWorkflows)
            #expect(preview.states == [RunFacets.Value(text: "scheduled", runs: 12)])
            #expect(preview.workflows == [RunFacets.Value(text: "cg-daily", runs: 9), RunFacets.Value(text: "cg-other", runs: 3)])
            #expect(preview.samples.count == BulkLimits.samples)
            let list = try await service.get(Paths.bulk, headers)
            #expect(list.text == #"{"data":[]}"#)
        }
    }

    @Test("an operation is answered as it was requested, listed, shown and aborted")
    func operation() async throws {
        try await Self.withRuns { service, headers in
            let body = #"""
                {"action":"stop","filter":{"config_id":["cg-daily"],"state":["scheduled","started"]},"parameters":{"reason":"wrong month"},
                "per_second":7,"expect":9}
                """#
            let answer = try await service.post(Paths.bulk, headers, json: body)
            #expect(answer.status == .created, "\(answer.text)")
            let operation = try BulkOperation(json: Array(answer.body.readableBytesView))
            #expect(answer.headers[.location] == Paths.bulk(operation.id))
            #expect(operation.total == 9 && operation.perSecond == 7 && operation.state == .running)
            #expect(operation.action == .stop(reason: "wrong month"))
            #expect(
                operation.selection == .filter(try RunFilter.reading([.configuration: "cg-daily"], states: [.scheduled, .started])))
            #expect(try await service.get(Paths.bulk(operation.id), headers).text == answer.text)
            #expect(try await service.get(Paths.bulk, headers).text == #"{"data":[\#(answer.text)]}"#)
            #expect(try await service.get(Paths.receipts(of: operation.id), headers).text == #"{"data":[]}"#)
            let aborted = try await service.post(Paths.abort(operation.id), headers, json: "{}")
            #expect(try BulkOperation(json: Array(aborted.body.readableBytesView)).state == .aborted)
            // Again changes nothing.
            #expect(try await service.send(.post, Paths.abort(operation.id), headers: headers).text == aborted.text)
        }
    }

    @Test("pages of operations and receipts have tokens of their own list")
    func pages() async throws {
        try await Self.withRuns { service, headers in
            for _ in 0..<3 {
                _ = try await service.post(Paths.bulk, headers, json: #"{"action":"delete","ids":["wf-a"]}"#)
            }
            let first = try await service.get(Paths.bulk + "?limit=2", headers)
            let page = try BulkListAnswer(json: Array(first.body.readableBytesView))
            #expect(page.operations.count == 2 && !first.text.contains("wf-a"))
            let token = try #require(page.nextToken)
            let rest = try await service.get(Paths.bulk + "?limit=2&next_token=\(token)", headers)
            #expect(try BulkListAnswer(json: Array(rest.body.readableBytesView)).operations.count == 1)
            let wrong = try await service.get(Paths.receipts(of: page.operations[0].id) + "?next_token=\(token)", headers)
            _ = try wrong.error(.invalid)
        }
    }

    private static let refusals: [(body: String, message: String)] = [
        ("", "The body is empty"),
        ("{}", "action is missing"),
        (#"{"action":"stopp","all":true}"#, "Did you mean stop?"),
        (#"{"action":"stop"}"#, "selects no runs"),
        (#"{"action":"stop","filter":{}}"#, "\"all\": true for all runs"),
        (#"{"action":"stop","filter":{"state":"failed"},"all":true}"#, "more than one way"),
        (#"{"action":"stop","ids":["wf-a"],"filter":{"state":"failed"}}"#, "more than one way"),
        (#"{"action":"stop","ids":[]}"#, "has 0 ids"),
        (#"{"action":"resolve","ids":["wf-a"]}"#, "Accepted: retry, skip, succeed."),
        (#"{"action":"resolve","ids":["wf-a"],"parameters":{"resolution":"from-here"}}"#, "Accepted: retry, skip, succeed."),
        (#"{"action":"stop","ids":["wf-a"],"parameters":{"resolution":"skip"}}"#, "does not belong to the action stop"),
        (#"{"action":"stop","ids":["wf-a","wf-none"]}"#, "There is no run \"wf-none\""),
        (#"{"action":"stop","filter":{"stat":"failed"}}"#, "Did you mean state?"),
        (#"{"action":"stop","filter":{"state":"odd"}}"#, "filter.state is \"odd\", which names no state"),
        (#"{"action":"stop","filter":{"created_from":"2024-02","created_to":"2024-01"}}"#, "a window ends after it starts"),
        (#"{"action":"stop","filter":{"run_mode":["full","source"]}}"#, "has 2 values. Accepted: 1 to 1"),
        (#"{"action":"stop","all":true,"per_second":0}"#, "per_second is 0. Accepted: an integer from 1 to 1000"),
        (#"{"action":"stop","all":true,"per_second":1001}"#, "per_second is 1001"),
        (#"{"action":"stop","all":true,"parameters":{"from":"failure"}}"#, "does not belong to the action stop. Accepted: reason"),
        (#"{"action":"delete","all":true,"parameters":{"reason":"x"}}"#, "does not belong to the action delete. Accepted: none"),
        (#"{"action":"stop","all":true,"parameters":{"reason":"a\nb"}}"#, "The reason"),
        (#"{"action":"label","all":true}"#, "parameters.labels is missing or empty"),
        (#"{"action":"label","all":true,"parameters":{"labels":{"-":"x"}}}"#, "is not the key of a label"),
        (#"{"action":"stop","all":true,"dryrun":true}"#, "Did you mean dry_run?"),
    ]

    @Test("refuses what it cannot do with one sentence, and creates nothing", arguments: refusals)
    func refusal(body: String, message: String) async throws {
        try await Self.withRuns { service, headers in
            for isDryRun in [false, true] {
                var text = body
                if isDryRun, text.hasSuffix("}") {
                    text.removeLast()
                    text += (text == "{" ? "" : ",") + #""dry_run":true}"#
                }
                let answer = try await service.post(Paths.bulk, headers, json: text)
                #expect(try answer.error(.invalid).contains(message))
            }
            #expect(try await service.get(Paths.bulk, headers).text == #"{"data":[]}"#)
        }
    }

    @Test("another number of runs than expected is a conflict")
    func expectation() async throws {
        try await Self.withRuns { service, headers in
            for suffix in ["", #","dry_run":true"#] {
                let body = #"{"action":"stop","filter":{"state":"scheduled"},"expect":11\#(suffix)}"#
                let answer = try await service.post(Paths.bulk, headers, json: body)
                #expect(try answer.error(.conflict) == "The request expects 11 runs, and 12 match now. Preview it again.")
            }
            #expect(try await service.get(Paths.bulk, headers).text == #"{"data":[]}"#)
        }
    }

    @Test("so many ids and no more, each counted once")
    func ids() async throws {
        try await Self.withRuns { service, headers in
            let most = String(repeating: "\"wf-a\",", count: BulkLimits.ids) + "\"wf-b\""
            let body = #"{"action":"stop","ids":[\#(most)],"dry_run":true}"#
            let answer = try await service.post(Paths.bulk, headers, json: body)
            #expect(try BulkPreview(json: Array(answer.body.readableBytesView)).total == 2)
            let many = (0...BulkLimits.ids).map { "\"wf-\($0)\"" }.joined(separator: ",")
            let refused = try await service.post(Paths.bulk, headers, json: #"{"action":"stop","ids":[\#(many)]}"#)
            #expect(try refused.error(.invalid).contains("has 1001 ids. Accepted: 1 to 1000, or a filter"))
        }
    }

    @Test("viewers read, operators act, administrators delete")
    func access() async throws {
        try await Self.withRuns { service, admin in
            let (viewer, `operator`) = (try await service.headers(.viewer), try await service.headers(.operator))
            let (stop, delete) = (#"{"action":"stop","ids":["wf-a"]}"#, #"{"action":"delete","ids":["wf-a"]}"#)
            _ = try await service.post(Paths.bulk, viewer, json: stop).error(.forbidden)
            _ = try await service.post(Paths.bulk, `operator`, json: delete).error(.forbidden)
            let made = try await service.post(Paths.bulk, `operator`, json: stop)
            #expect(made.status == .created)
            #expect(try await service.post(Paths.bulk, admin, json: delete).status == .created)
            let id = try BulkOperation(json: Array(made.body.readableBytesView)).id
            #expect(try await service.get(Paths.bulk(id), viewer).text == made.text)
            _ = try await service.send(.post, Paths.abort(id), headers: viewer).error(.forbidden)
            _ = try await service.send(.delete, Paths.run(RunID(rawValue: "wf-a")), headers: `operator`).error(.forbidden)
            _ = try await service.get(Paths.bulk(BulkID(rawValue: "bo-none")), viewer).error(.notFound)
        }
    }

    @Test("one run is deleted and labeled in the same way")
    func single() async throws {
        try await Self.withRuns { service, headers in
            let ended = RunID(rawValue: "wf-a")
            func label(_ body: String, _ id: RunID = ended) async throws -> TestResponse {
                try await service.send(.patch, Paths.labels(of: id), headers: headers, body: body)
            }
            let labels = #"{"labels":{"team":"crm","tier":"gold"}}"#
            #expect(try await label(#"{"tier":"gold","team":"crm","none":null}"#).text == labels)
            #expect(try await label(#"{"tier":"gold"}"#).text == labels)
            #expect(try await label(#"{"tier":null}"#).text == #"{"labels":{"team":"crm"}}"#)
            let many = (0..<RunLabels.most).map { "\"k\($0)\":\"\"" }.joined(separator: ",")
            #expect(try await label("{\(many)}").error(.conflict) == "The run would have 21 labels. A run has at most 20.")
            #expect(try await label("{}").error(.invalid).contains("names no label"))
            _ = try await label(labels, RunID(rawValue: "wf-none")).error(.invalid)
            _ = try await label(#"{"a":"b"}"#, RunID(rawValue: "wf-none")).error(.notFound)

            #expect(try await service.send(.delete, Paths.run(ended), headers: headers).status == .noContent)
            _ = try await service.send(.delete, Paths.run(ended), headers: headers).error(.notFound)
            let running = try #require(
                try await service.get(Paths.runs + "?state=scheduled&limit=1", headers).runIDs().first)
            let refused = try await service.send(.delete, Paths.run(RunID(rawValue: running)), headers: headers)
            #expect(try refused.error(.conflict) == "The run has not ended. Stop it, or wait for its end.")
        }
    }

    @Test("a start whose run was deleted is not repeated")
    func deletedStart() async throws {
        try await Self.withRuns { service, headers in
            var once = headers
            once[HeaderNames.idempotencyKey] = "\"k\""
            let body = #"{"config_id":"cg-daily"}"#
            let started = try await service.post(Paths.runs, once, json: body)
            let id = RunID(rawValue: try #require(try started.json()["id"]?.string))
            _ = try await service.send(.post, Paths.stop(id), headers: headers)
            #expect(try await service.send(.delete, Paths.run(id), headers: headers).status == .noContent)
            let again = try await service.post(Paths.runs, once, json: body)
            #expect(try again.error(.keyMismatch).contains("has been deleted. Use a new key to start another run."))
        }
    }
}

extension RunFilter {
    fileprivate static func reading(_ fields: [RunFilterField: String], states: Set<RunState>) throws -> RunFilter {
        var filter = RunFilter(states: states)
        for (field, text) in fields { try filter.add(text, to: field) }
        return filter
    }
}
