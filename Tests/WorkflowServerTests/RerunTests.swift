import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowServer
import WorkflowTestKit

@Suite("POST /api/workflow/runs/{id}/rerun")
struct RerunTests {
    private func headers(_ service: ServiceUnderTest) async throws -> HTTPFields {
        let headers = try await service.headers(.admin)
        try #require(try await service.save(ServiceUnderTest.configuration(), as: "cg-daily", headers).status == .created)
        return headers
    }

    private func details(_ response: TestResponse) throws -> WorkflowRunDetails {
        try WorkflowRunDetails(json: Array(response.body.readableBytesView))
    }

    @Test("from failure keeps succeeded tasks, names their run, and records the key of the rerun")
    func fromFailure() async throws {
        try await withService { service in
            let headers = try await headers(service)
            let old = try await service.failedRun(headers, body: #"{"config_id":"cg-daily","range_from":"2024-02-01"}"#)
            let other = try await service.headers(.operator)
            let response = try await service.post(Paths.rerun(old), other, json: #"{"from":"failure"}"#)
            #expect(response.status == .created)
            let accepted = try details(response)
            #expect(response.headers[.location] == Paths.run(accepted.run.id))
            #expect(accepted.origin.rerunOf == old && accepted.run.state == .scheduled && accepted.tasks.isEmpty)

            let shown = try await service.get(Paths.run(accepted.run.id) + "?view=verbose", headers)
            #expect(shown.text.contains(#""rerun_of":"\#(old)""#) && shown.text.contains(#""kept_from":"\#(old)""#))
            let stored = try #require(try await service.store.run(accepted.run.id, of: ServiceUnderTest.acme))
            let before = try #require(try await service.store.run(old, of: ServiceUnderTest.acme))
            #expect(stored.tasks.map(\.keptFrom) == [old, nil])
            #expect(
                stored.origin.range == before.origin.range && stored.origin.range != nil
                    && stored.origin.runMode == before.origin.runMode)
            #expect(stored.run.principal.id != before.run.principal.id)
            let untouched = try await service.get(Paths.run(old) + "?view=verbose", headers)
            #expect(!untouched.text.contains("rerun_of") && !untouched.text.contains("kept_from"))
        }
    }

    @Test(
        "without a body it continues from the failure with the current version",
        arguments: [(nil, true), ("", true), ("{}", true), (#"{"from":"start"}"#, false)] as [(String?, Bool)])
    func usual(body: String?, keeps: Bool) async throws {
        try await withService { service in
            let headers = try await headers(service)
            let old = try await service.failedRun(headers)
            #expect(try await service.save(ServiceUnderTest.configuration(name: "Newer"), as: "cg-daily", headers).status == .ok)
            let response =
                if let body, !body.isEmpty {
                    try await service.post(Paths.rerun(old), headers, json: body)
                } else {
                    try await service.send(.post, Paths.rerun(old), headers: headers, body: body)
                }
            #expect(response.status == .created)
            let new = try details(response)
            #expect(new.run.name == "Newer")
            let stored = try #require(try await service.store.run(new.run.id, of: ServiceUnderTest.acme))
            #expect(stored.tasks.map(\.keptFrom) == [keeps ? old : nil, nil])
        }
    }

    @Test("the launched version can be rerun after the configuration was deleted")
    func launchedVersion() async throws {
        try await withService { service in
            let headers = try await headers(service)
            let old = try await service.failedRun(headers)
            #expect(try await service.send(.delete, Paths.configuration("cg-daily"), headers: headers).status == .noContent)
            let refused = try await service.post(Paths.rerun(old), headers, json: #"{"version":"current"}"#)
            #expect(try refused.error(.conflict).contains("launched"))
            let response = try await service.post(Paths.rerun(old), headers, json: #"{"version":"launched"}"#)
            #expect(response.status == .created)
            #expect(try details(response).launchedVersion != nil)
        }
    }

    @Test("the answer to a rerun with the launched version does not name it as the current one, and repeats unchanged")
    func currentVersion() async throws {
        try await withService { service in
            let headers = try await headers(service)
            let old = try await service.failedRun(headers)
            #expect(try await service.save(ServiceUnderTest.configuration(name: "Newer"), as: "cg-daily", headers).status == .ok)
            let current = try await service.store.configuration("cg-daily", of: ServiceUnderTest.acme)?.id
            var once = headers
            once[HeaderNames.idempotencyKey] = "k-1"
            let first = try await service.post(Paths.rerun(old), once, json: #"{"version":"launched"}"#)
            let accepted = try details(first)
            #expect(accepted.launchedVersion != current && accepted.launchedVersion != nil && accepted.currentVersion == nil)
            let shown = try await service.get(Paths.run(accepted.run.id) + "?view=verbose", headers)
            #expect(try details(shown).currentVersion == current)
            #expect(try await service.save(ServiceUnderTest.configuration(name: "Newest"), as: "cg-daily", headers).status == .ok)
            #expect(try await service.post(Paths.rerun(old), once, json: #"{"version":"launched"}"#).text == first.text)
            let second = try details(try await service.post(Paths.rerun(old), headers, json: #"{"version":"current"}"#))
            #expect(second.currentVersion == second.launchedVersion && second.currentVersion != nil)
        }
    }

    @Test(
        "an invalid body is a 400 with the reason, and starts nothing",
        arguments: [
            ("[]", "not a JSON object"), ("nope", "not valid"), (#"{"from":"failed"}"#, "failure, start"),
            (#"{"from":null}"#, "from"), (#"{"from":1}"#, "from is not a string"), (#"{"version":"newest"}"#, "current, launched"),
            (#"{"force":true}"#, "force is unknown"), (#"{"run_mode":"full"}"#, "run_mode is unknown"),
        ])
    func refused(body: String, message: String) async throws {
        try await withService { service in
            let headers = try await headers(service)
            let old = try await service.failedRun(headers)
            let error = try await service.post(Paths.rerun(old), headers, json: body).error(.invalid)
            #expect(error.contains(message), "\(error)")
            #expect(try await service.get(Paths.runs, headers).runIDs() == [old.rawValue])
        }
    }

    @Test("a run that cannot be rerun is a 409 with the reason")
    func conflicts() async throws {
        try await withService { service in
            let headers = try await headers(service)
            func refusal(_ id: RunID, _ body: String = "{}") async throws -> String {
                try await service.post(Paths.rerun(id), headers, json: body).error(.conflict)
            }
            let going = try await service.startedRun(headers)
            #expect(try await refusal(going).contains("has not ended"))
            #expect(try await service.post(Paths.rerun(going), headers, json: "{}").headers[.retryAfter] == "10")
            try await service.work(on: going, failing: [])
            let ended = try await service.post(Paths.rerun(going), headers, json: #"{"from":"failure"}"#)
            #expect(try ended.error(.conflict).contains("succeeded") && ended.headers[.retryAfter] == nil)

            try await service.addRuns([try service.run("wf-history", created: "2024-01-01", ended: "2024-01-02")])
            #expect(try await refusal(RunID(rawValue: "wf-history")).contains("imported history"))

            let failed = try await service.failedRun(headers)
            let withoutSend = ServiceUnderTest.configuration().split(separator: "\n").prefix(12).joined(separator: "\n")
            #expect(try await service.save(withoutSend, as: "cg-daily", headers).status == .ok)
            #expect(try await refusal(failed).contains("has succeeded already"))
            #expect(try await service.post(Paths.rerun(failed), headers, json: #"{"from":"start"}"#).status == .created)
            #expect(try await service.post(Paths.rerun(going), headers, json: "{}").status == .created)
        }
    }

    @Test("needs an operator of the tenant, an existing run, and JSON if there is a body")
    func access() async throws {
        try await withService { service in
            let headers = try await headers(service)
            let old = try await service.failedRun(headers)
            let viewer = try await service.headers(.viewer)
            #expect(try await service.post(Paths.rerun(old), viewer, json: "{}").status == .forbidden)
            let stranger = try await service.headers(.operator, of: ServiceUnderTest.other)
            #expect(try await service.post(Paths.rerun(old), stranger, json: "{}").status == .notFound)
            #expect(try await service.post(Paths.rerun(RunID(rawValue: "wf-no")), headers, json: "{}").status == .notFound)
            #expect(try await service.get(Paths.rerun(old), headers).status == .methodNotAllowed)
            var other = headers
            other[.contentType] = "application/xml"
            #expect(try await service.send(.post, Paths.rerun(old), headers: other, body: "{}").status == .unsupportedMediaType)
            let long = String(repeating: " ", count: Limits.rerunBody - 1)
            #expect(try await service.post(Paths.rerun(old), headers, json: long + "{}").status == .contentTooLarge)
            #expect(try await service.post(Paths.rerun(old), headers, json: long.dropLast() + "{}").status == .created)
        }
    }

    @Test("a key starts one rerun, and cannot be reused for another run or a start")
    func idempotency() async throws {
        try await withService { service in
            var headers = try await headers(service)
            let (old, other) = (try await service.failedRun(headers), try await service.failedRun(headers))
            headers[HeaderNames.idempotencyKey] = "\"again-1\""
            let first = try await service.post(Paths.rerun(old), headers, json: "{}")
            #expect(first.status == .created)
            let second = try await service.post(Paths.rerun(old), headers, json: "{}")
            #expect(second.status == .created && second.text == first.text)
            for (path, body) in [
                (Paths.rerun(other), "{}"), (Paths.rerun(old), #"{"from":"start"}"#), (Paths.runs, #"{"config_id":"cg-daily"}"#),
            ] {
                #expect(try await service.post(path, headers, json: body).status == .unprocessableContent)
            }
            #expect(try await service.get(Paths.runs, headers).runIDs().count == 3)
        }
    }
}

extension ServiceUnderTest {
    func startedRun(_ headers: HTTPFields, body: String = #"{"config_id":"cg-daily"}"#) async throws -> RunID {
        let response = try await post(Paths.runs, headers, json: body)
        try #require(response.status == .created)
        return RunID(rawValue: try #require(try response.json()["id"]?.string))
    }

    /// A run whose first task succeeded and whose second one failed.
    func failedRun(_ headers: HTTPFields, body: String = #"{"config_id":"cg-daily"}"#) async throws -> RunID {
        let id = try await startedRun(headers, body: body)
        try await work(on: id, failing: ["send"])
        return id
    }

    /// Does the work of an engine until nothing is left to do.
    func work(on id: RunID, failing: Set<String>) async throws {
        let now = clock.now
        while true {
            let claimed = try await store.claimTasksOfAllTenants(
                TaskClaim(limit: 1, worker: "test", until: now + .seconds(60)), at: now)
            guard let task = claimed.first else { return }
            try #require(task.lease.run == id)
            _ = try await store.commit(.began, under: task.lease, at: now)
            let fault = RunError(attribution: .customer, type: "test/fault", message: "Exit 3.")
            let left = TaskOutput(values: JSONText(validated: #"{"rows":3}"#))
            let event = failing.contains(task.definitionID) ? TaskEvent.failed(fault) : .succeeded(left)
            _ = try await store.commit(event, under: task.lease, at: now)
        }
    }
}
