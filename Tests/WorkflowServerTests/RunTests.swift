import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowServer
import WorkflowTestKit

@Suite("One run: show, stop, attempts and output")
struct RunTests {
    private func start(_ service: ServiceUnderTest, _ headers: HTTPFields) async throws -> RunID {
        let saved = try await service.save(ServiceUnderTest.configuration(), as: "cg-daily", headers)
        try #require(saved.status == .created || saved.status == .ok)
        let response = try await service.post(Paths.runs, headers, json: #"{"config_id":"cg-daily"}"#)
        try #require(response.status == .created)
        return RunID(rawValue: try #require(try response.json()["id"]?.string))
    }

    @Test("shows the overview unless the verbose view is requested")
    func views() async throws {
        try await withService { service in
            let headers = try await service.headers(.admin)
            let id = try await start(service, headers)
            let brief =
                #"{"created_at":"2024-02-10T17:29:32.687Z","id":"\#(id)","name":"Daily","state":"scheduled","tenant":"acme","#
                + #""type":"courier.group/run"}"#
            #expect(try await service.get(Paths.run(id), headers).text == brief)
            #expect(try await service.get(Paths.run(id) + "?view=overview", headers).text == brief)
            let response = try await service.get(Paths.run(id) + "?view=verbose", headers)
            let details = try WorkflowRunDetails(json: Array(response.body.readableBytesView))
            #expect(details.tasks.map(\.definitionID) == ["pull", "send"])
            #expect(details.tasks.allSatisfy { $0.state == .scheduled && $0.run == id && $0.executionType == "command" })
            #expect(details.warnAfter == .seconds(7_200))
            #expect(details.launchedVersion == details.currentVersion && details.launchedVersion != nil)
            #expect(details.run.principal.name == "CI")
            for view in ["", "full", "Verbose", "overview&view=verbose"] {
                #expect(try await service.get(Paths.run(id) + "?view=\(view)", headers).status == .badRequest)
            }
            #expect(
                try await service.get(Paths.run(id) + "?limit=1", headers).error(.invalid).contains(
                    "Accepted: view, api_version."))
        }
    }

    @Test("the current version follows the configuration, the launched version stays")
    func versions() async throws {
        try await withService { service in
            let headers = try await service.headers(.admin)
            let id = try await start(service, headers)
            #expect(try await service.save(ServiceUnderTest.configuration(name: "Daily 2"), as: "cg-daily", headers).status == .ok)
            let details = try WorkflowRunDetails(
                json: Array(try await service.get(Paths.run(id) + "?view=verbose", headers).body.readableBytesView))
            #expect(details.launchedVersion != details.currentVersion)
            #expect(details.run.name == "Daily")
        }
    }

    @Test("unknown ids and another tenant's get the same answer")
    func notFound() async throws {
        try await withService { service in
            let headers = try await service.headers(.operator)
            try await service.addRuns(
                [service.run("wf-theirs", created: "2024", of: ServiceUnderTest.other)], to: ServiceUnderTest.other)
            let theirs = try await service.get(Paths.runs + "/wf-theirs", headers)
            let message = try theirs.error(.notFound)
            #expect(message == "There is no run with that id.")
            for id in [
                "wf-1", "x", "..", "%2e%2e", "..%2F..%2Fetc%2Fpasswd", "%00", "a%00b", "'%20OR%201=1--", "%0A",
                String(repeating: "a", count: 129),
                String(repeating: "a", count: 8_000), "null", "%C3%BC", "*",
            ] {
                #expect(try await service.get("\(Paths.runs)/\(id)", headers).error(.notFound) == message, "\(id)")
                #expect(try await service.send(.post, "\(Paths.runs)/\(id)/stop", headers: headers).error(.notFound) == message)
                #expect(try await service.get("\(Paths.runs)/\(id)/attempts", headers).error(.notFound) == message)
                #expect(try await service.get("\(Paths.runs)/\(id)/output", headers).error(.notFound) == message)
            }
            #expect(try await service.send(.post, Paths.runs + "/wf-theirs/stop", headers: headers).error(.notFound) == message)
            #expect(try await service.get(Paths.runs + "/wf-theirs/attempts", headers).error(.notFound) == message)
            #expect(try await service.get(Paths.runs + "/wf-theirs/output", headers).error(.notFound) == message)
        }
    }

    @Test("ids with any characters are found by their escaped form")
    func escapedIDs() async throws {
        try await withService { service in
            let headers = try await service.headers(.viewer)
            let id = "run/1 ü%?"
            try await service.addRuns([service.run(id, created: "2024")])
            #expect(try await service.get(Paths.run(RunID(rawValue: id)), headers).json()["id"] == .string(id))
        }
    }

    @Test("a poll that changes nothing costs a 304")
    func entityTags() async throws {
        try await withService { service in
            var headers = try await service.headers(.admin)
            let id = try await start(service, headers)
            let first = try await service.get(Paths.run(id), headers)
            headers[.ifNoneMatch] = first.headers[.eTag]
            #expect(try await service.get(Paths.run(id), headers).status == .notModified)
            #expect(try await service.get(Paths.run(id) + "?view=verbose", headers).status == .ok)
            #expect(try await service.send(.head, Paths.run(id), headers: headers).status == .notModified)
            #expect(try await service.send(.post, Paths.stop(id), headers: headers).status == .ok)
            #expect(try await service.get(Paths.run(id), headers).status == .ok)
        }
    }

    @Test("stopping a run without started tasks cancels it at once, and stopping it again changes nothing")
    func stopping() async throws {
        try await withService { service in
            let headers = try await service.headers(.admin)
            let id = try await start(service, headers)
            service.clock.advance(by: .seconds(5))
            let stopped = try await service.send(.post, Paths.stop(id), headers: headers)
            #expect(stopped.status == .ok)
            let details = try WorkflowRunDetails(json: Array(stopped.body.readableBytesView))
            #expect(details.run.state == .canceled)
            #expect(details.run.error?.message == "Workflow manually stopped")
            #expect(details.run.error?.attribution == .customer)
            #expect(details.run.endedAt == service.clock.now)
            #expect(details.tasks.map(\.state) == [.canceled, .canceled])
            service.clock.advance(by: .seconds(5))
            #expect(try await service.send(.post, Paths.stop(id) + "/", headers: headers, body: "").text == stopped.text)
            #expect(try await service.post(Paths.stop(id), headers, json: "whatever").text == stopped.text)
            let large = String(repeating: "a", count: Limits.stopBody + 1)
            #expect(try await service.send(.post, Paths.stop(id), headers: headers, body: large).status == .contentTooLarge)
            #expect(try await service.send(.post, Paths.stop(id) + "?force=1", headers: headers).status == .badRequest)
        }
    }

    @Test("a stop takes a reason, which the run keeps; the first request counts")
    func reasons() async throws {
        try await withService { service in
            let headers = try await service.headers(.admin)
            let id = try await start(service, headers)
            let longest = String(repeating: "é", count: 512)
            let stopped = try await service.post(
                Paths.stop(id), headers, json: String(buffer: StopRequest(reason: longest).document))
            let details = try WorkflowRunDetails(json: Array(stopped.body.readableBytesView))
            #expect(details.stop?.reason == longest && details.stop?.requestedBy.name == "CI" && details.run.state == .canceled)
            #expect(details.run.error == .manuallyStopped)
            let again = try await service.post(Paths.stop(id), headers, json: #"{"reason":"another"}"#)
            #expect(again.text == stopped.text)
            let plain = try await start(service, headers)
            for body in ["", "{}", #"{"reason":null}"#, "whatever", "[1]", "7"] {
                #expect(try await service.post(Paths.stop(plain), headers, json: body).json()["stop"]?["reason"] == nil, "\(body)")
            }
        }
    }

    @Test(
        "a reason that cannot be is a 400 that says what is accepted, and stops nothing",
        arguments: [
            (#"{"reason":""}"#, "The reason is empty. Accepted: 1 to 1024 bytes"),
            (#"{"reason":"a\nb"}"#, "the invisible character U+000A"),
            (#"{"reason":"\#(String(repeating: "r", count: 1_025))"}"#, "The reason has 1025 bytes. Accepted: 1 to 1024 bytes"),
            (#"{"reason":"\#(String(repeating: "r", count: 10_240))"}"#, "The reason has 10240 bytes. Accepted: 1 to 1024 bytes"),
            (#"{"reason":7}"#, "reason is not a string"),
            (#"{"raeson":"a"}"#, "raeson is unknown. Did you mean reason? Accepted: reason"),
            ("{", "JSON"),
        ])
    func invalidReasons(body: String, message: String) async throws {
        try await withService { service in
            let headers = try await service.headers(.admin)
            let id = try await start(service, headers)
            let error = try await service.post(Paths.stop(id), headers, json: body).error(.invalid)
            #expect(error.contains(message), "\(error)")
            #expect(try await service.get(Paths.run(id), headers).json()["state"] == "scheduled")
        }
    }

    @Test("the page takes a reason and shows it; a reason that cannot be stops nothing")
    func reasonsOnThePage() async throws {
        try await withService { service in
            let id = try await start(service, try await service.headers(.admin))
            let (worker, _) = try await BrowserSession.signedIn(.operator, on: service)
            let refused = try await worker.post("/runs/\(id)/stop", "reason=" + String(repeating: "r", count: 1_025))
            #expect(refused.status == .badRequest && refused.text.contains("The reason has 1025 bytes"))
            #expect(try await service.store.run(id, of: ServiceUnderTest.acme)?.run.state == .scheduled)
            #expect(try await worker.post("/runs/\(id)/stop", "reason=wrong+%3Cmonth%3E").status == .seeOther)
            let shown = try await worker.get("/runs/\(id)").text
            #expect(shown.contains("Stopped by <b>CI</b> at") && shown.contains(": wrong &lt;month&gt;"))
            #expect(!shown.lowercased().contains("customer") && !shown.contains("class=\"problem"))
            #expect(try await worker.get("/runs").text.contains(": wrong &lt;month&gt;"))
        }
    }

    @Test("a stopped run with a leased task is stopping until the task ends")
    func stoppingHeld() async throws {
        try await withService { service in
            let headers = try await service.headers(.admin)
            let id = try await start(service, headers)
            let now = service.clock.now
            let claimed = try await service.store.claimTasksOfAllTenants(
                TaskClaim(limit: 5, worker: "w", until: now + .seconds(60)), at: now)
            let lease = try #require(claimed.first?.lease)
            _ = try await service.store.commit(.began, under: lease, at: now)
            let stopping = try await service.send(.post, Paths.stop(id), headers: headers)
            #expect(try stopping.json()["state"] == .string("stopping"))
            #expect(try stopping.json()["ended_at"] == nil)
            #expect(try await service.send(.post, Paths.stop(id), headers: headers).json()["state"] == .string("stopping"))
            _ = try await service.store.commit(.stopped, under: lease, at: now)
            #expect(try await service.send(.post, Paths.stop(id), headers: headers).json()["state"] == .string("canceled"))
        }
    }

    @Test("attempts and output of a task, piece by piece")
    func output() async throws {
        try await withService { service in
            let headers = try await service.headers(.admin)
            let id = try await start(service, headers)
            let now = service.clock.now
            #expect(try await service.get(Paths.attempts(of: id), headers).text == #"{"data":[]}"#)
            let claimed = try await service.store.claimTasksOfAllTenants(
                TaskClaim(limit: 5, worker: "w", until: now + .seconds(60)), at: now)
            let lease = try #require(claimed.first?.lease)
            _ = try await service.store.commit(.began, under: lease, at: now)
            let bytes = Array("hello\nwörld\n".utf8)
            try await service.store.appendOutput(OutputChunk(offset: 0, bytes: bytes), under: lease, keepingLast: 1_000)
            let path = Paths.output(of: lease.task, in: id)
            let first = try await service.get(path, headers)
            #expect(first.status == .ok && first.text == "hello\nwörld\n")
            #expect(first.headers[.contentType] == "text/plain; charset=utf-8")
            #expect(first.headers[HeaderNames.outputAttempt] == "1")
            #expect(first.headers[HeaderNames.outputFrom] == "0")
            #expect(first.headers[HeaderNames.outputNext] == "13")
            #expect(first.headers[HeaderNames.outputLast] == "false")
            #expect(try await service.get(path + "?from=6&attempt=1", headers).text == "wörld\n")
            #expect(try await service.get(path + "?from=13", headers).text.isEmpty)
            #expect(try await service.send(.head, path, headers: headers).headers[HeaderNames.outputNext] == "13")

            _ = try await service.store.commit(.succeeded(TaskOutput()), under: lease, at: now)
            #expect(try await service.get(path, headers).headers[HeaderNames.outputLast] == "true")
            let attempts = try TaskAttemptRecord.list(
                json: Array(try await service.get(Paths.attempts(of: id), headers).body.readableBytesView))
            #expect(attempts.map(\.number) == [1] && attempts.first?.outcome == .succeeded && attempts.first?.task == lease.task)

            for query in [
                "timestamps=yes", "stream=stdin", "stream=", "stream=stderr&stream=stdout", "attempt=0", "attempt=x", "from=-1",
                "from=", "limit=1", "from=1&from=2", "from=99999999999999999999",
            ] {
                #expect(try await service.get("\(path)?\(query)", headers).status == .badRequest, "\(query)")
            }
            #expect(try await service.get(path + "?attempt=2", headers).status == .notFound)
            #expect(try await service.get(Paths.output(of: TaskID(rawValue: "wft-x"), in: id), headers).status == .notFound)
            #expect(try await service.get(Paths.output(of: lease.task, in: RunID(rawValue: "wf-x")), headers).status == .notFound)
            let others = try await service.headers(.admin, of: ServiceUnderTest.other)
            #expect(try await service.get(path, others).status == .notFound)
        }
    }
}
