import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowServer
import WorkflowTestKit

@Suite("POST /api/workflow/runs/{id}/tasks/{task}/resolve")
struct ResolutionTests {
    private func headers(_ service: ServiceUnderTest) async throws -> HTTPFields {
        let headers = try await service.headers(.operator)
        let admin = try await service.headers(.admin)
        try #require(try await service.save(Self.configuration, as: "cg-daily", admin).status == .created)
        return headers
    }

    /// `pull` and `count` need nothing, `send` needs `pull`.
    static let configuration =
        ServiceUnderTest.configuration() + "\n        needs: [pull]\n      - id: count\n        label: Count\n"
        + "        type: courier.count\n        needs: []\n        command: [python3, count.py]\n"

    private func details(_ response: TestResponse) throws -> WorkflowRunDetails {
        try WorkflowRunDetails(json: Array(response.body.readableBytesView))
    }

    private func answer(_ response: TestResponse) throws -> ResolutionsAnswer {
        try ResolutionsAnswer(json: Array(response.body.readableBytesView))
    }

    private func task(_ id: String, of run: RunID, _ service: ServiceUnderTest) async throws -> TaskID {
        let details = try #require(try await service.store.run(run, of: ServiceUnderTest.acme))
        return try #require(details.tasks.first { $0.definitionID == id }).id
    }

    @Test("while the run goes on, the run itself is changed, and says who decided and why")
    func inPlace() async throws {
        try await withService { service in
            let headers = try await headers(service)
            let (run, _) = try await service.failingRun(headers)
            let pull = try await task("pull", of: run, service)
            let offered = try answer(try await service.get(Paths.resolutions(run), headers))
            #expect(offered.run == run && offered.state == .runningWithFailures && offered.resolutions.isEmpty)
            #expect(offered.tasks.map(\.definitionID) == ["pull"])
            #expect(offered.tasks.first?.offers.map(\.resolution) == [.retry, .skip, .succeed])
            #expect(offered.tasks.first?.offers[1].sentence == "Skip it: Send will run without its outputs.")

            let body = #"{"resolution":"skip","outputs":{"rows":3},"reason":"no files today"}"#
            let response = try await service.post(Paths.resolve(pull, of: run), headers, json: body)
            #expect(response.status == .ok)
            let after = try details(response)
            #expect(after.run.id == run && after.run.state == .inProgress && after.run.error == nil)
            #expect(after.tasks.map(\.state) == [.skipped, .scheduled, .running])
            #expect(after.tasks[0].skipReason == .resolved && after.tasks[0].resolution == .skip)
            let decision = try #require(after.resolutions.first)
            #expect(decision.task == pull && decision.resolution == .skip && decision.reason == "no files today")
            #expect(decision.resolvedBy.name == "CI" && decision.resolvedAt == service.clock.now)
            let values = try await service.store.values(of: pull, in: run, tenant: ServiceUnderTest.acme)
            #expect(values?.outputs == JSONText(validated: #"{"rows":3}"#))

            let again = try answer(try await service.get(Paths.resolutions(run), headers))
            #expect(again.tasks.isEmpty && again.resolutions == after.resolutions)
            let second = try await service.post(Paths.resolve(pull, of: run), headers, json: #"{"resolution":"retry"}"#)
            #expect(try second.error(.conflict).contains("is skipped"))
        }
    }

    @Test("after the end, a rerun carries the decision")
    func afterTheEnd() async throws {
        try await withService { service in
            let headers = try await headers(service)
            let run = try await service.startedRun(headers)
            try await service.work(on: run, failing: ["pull"])
            let before = try await service.store.run(run, of: ServiceUnderTest.acme)
            let pull = try await task("pull", of: run, service)
            let offered = try answer(try await service.get(Paths.resolutions(run), headers))
            #expect(offered.tasks.first?.offers.allSatisfy(\.startsRerun) == true)

            let response = try await service.post(
                Paths.resolve(pull, of: run), headers, json: #"{"resolution":"succeed","outputs":{"rows":8}}"#)
            #expect(response.status == .created)
            let rerun = try details(response)
            #expect(response.headers[.location] == Paths.run(rerun.run.id))
            #expect(rerun.origin.rerunOf == run && rerun.tasks.map(\.state) == [.succeeded, .scheduled, .succeeded])
            #expect(rerun.resolutions.map(\.resolution) == [.succeed] && rerun.tasks[2].keptFrom == run)
            #expect(try await service.store.run(run, of: ServiceUnderTest.acme) == before)
            let second = try await service.post(Paths.resolve(pull, of: run), headers, json: #"{"resolution":"retry"}"#)
            #expect(try second.error(.conflict).contains(rerun.run.id.rawValue))
            try await service.work(on: rerun.run.id, failing: [])
            let third = try await service.post(Paths.resolve(pull, of: run), headers, json: #"{"resolution":"from-start"}"#)
            #expect(third.status == .created)
            #expect(try details(third).tasks.map(\.state) == [.scheduled, .scheduled, .scheduled])
        }
    }

    @Test("an item of an ended run is settled by a rerun, which runs the others that did not succeed")
    func itemAfterTheEnd() async throws {
        try await withService { service in
            let headers = try await service.headers(.operator)
            let text =
                ServiceUnderTest.configuration().replacing(
                    "        label: Pull\n", with: "        label: Pull\n        for_each: [a, b, c]\n")
            let admin = try await service.headers(.admin)
            try #require(try await service.save(text, as: "cg-daily", admin).status == .created)
            let run = try await service.startedRun(headers)
            try await service.work(on: run, failing: ["pull"])
            let group = try await task("pull", of: run, service)
            let second = group.item(1)
            let path = "/runs/\(run)/tasks/\(second)"
            let (browser, _) = try await BrowserSession.signedIn(.operator, on: service)
            let card = try await browser.get(path).text
            #expect(card.contains("Skip it in a new run, in which the other items that did not succeed run again."), "\(card)")

            for (item, status) in [(group.item(3), HTTPResponse.Status.notFound), (TaskID(rawValue: "\(group).x"), .notFound)] {
                let refused = try await service.post(Paths.resolve(item, of: run), headers, json: #"{"resolution":"skip"}"#)
                #expect(refused.status == status)
            }
            let body = #"{"resolution":"succeed","outputs":{"rows":8}}"#
            let response = try await service.post(Paths.resolve(second, of: run), headers, json: body)
            #expect(response.status == .created)
            let rerun = try details(response).run.id
            let items = try await service.store.items(
                matching: TaskItemQuery(of: rerun, tenant: ServiceUnderTest.acme, limit: 10))
            #expect(items.map(\.state) == [.scheduled, .succeeded, .scheduled])
            #expect(try details(response).resolutions.map(\.task) == [items[1].id])
            #expect(
                try await service.store.values(of: items[1].id, in: rerun, tenant: ServiceUnderTest.acme)?.outputs?.text
                    == #"{"rows":8}"#)
            try await service.work(on: rerun, failing: [])
            #expect(try await service.store.run(rerun, of: ServiceUnderTest.acme)?.run.state == .succeeded)
            // The form of the page does the same.
            let sent = try await browser.post(path + "/resolve", "resolution=skip&reason=known")
            #expect(sent.status == .seeOther)
            let place = try #require(sent.headers[.location])
            #expect(try await browser.get(place).text.contains("was skipped"))
        }
    }

    @Test("a run of which nothing has to run has succeeded at once")
    func complete() async throws {
        try await withService { service in
            let headers = try await headers(service)
            let run = try await service.startedRun(headers)
            try await service.work(on: run, failing: ["count"])
            let count = try await task("count", of: run, service)
            let response = try await service.post(Paths.resolve(count, of: run), headers, json: #"{"resolution":"succeed"}"#)
            #expect(response.status == .created)
            #expect(try details(response).run.state == .succeeded)
        }
    }

    @Test("a key starts one rerun")
    func idempotency() async throws {
        try await withService { service in
            var headers = try await headers(service)
            let run = try await service.startedRun(headers)
            try await service.work(on: run, failing: ["pull"])
            let path = Paths.resolve(try await task("pull", of: run, service), of: run)
            headers[HeaderNames.idempotencyKey] = "\"once\""
            let first = try await service.post(path, headers, json: #"{"resolution":"skip"}"#)
            let second = try await service.post(path, headers, json: #"{"resolution":"skip"}"#)
            #expect(first.status == .created && second.status == .created)
            #expect(try details(first).run.id == details(second).run.id)
            #expect(try await service.post(path, headers, json: #"{"resolution":"retry"}"#).status == .unprocessableContent)
        }
    }

    @Test(
        "an invalid body is a 400 with the reason, and changes nothing",
        arguments: [
            ("", "empty"), ("[]", "not a JSON object"), ("{}", "resolution is missing"),
            (#"{"resolution":"ignore"}"#, "retry, skip, succeed, from-here, from-start"),
            (#"{"resolution":"skip","force":1}"#, "force is unknown"),
            (#"{"resolution":"retry","outputs":{}}"#, "takes no outputs"),
            (#"{"resolution":"skip","outputs":[1]}"#, "a JSON object of at most"),
            (#"{"resolution":"skip","reason":""}"#, "reason"), (#"{"resolution":"skip","reason":"a\nb"}"#, "reason"),
            (#"{"resolution":"skip","version":"newest"}"#, "current, launched"),
        ])
    func refused(body: String, message: String) async throws {
        try await withService { service in
            let headers = try await headers(service)
            let (run, _) = try await service.failingRun(headers)
            let before = try await service.store.run(run, of: ServiceUnderTest.acme)
            let path = Paths.resolve(try await task("pull", of: run, service), of: run)
            let error = try await service.post(path, headers, json: body).error(.invalid)
            #expect(error.contains(message), "\(error)")
            #expect(try await service.store.run(run, of: ServiceUnderTest.acme) == before)
        }
    }

    @Test("what cannot be resolved is a 409 with the reason; what does not exist a 404")
    func conflicts() async throws {
        try await withService { service in
            let headers = try await headers(service)
            let (run, held) = try await service.failingRun(headers)
            func refusal(_ task: TaskID, _ resolution: String = "skip") async throws -> String {
                try await service.post(Paths.resolve(task, of: run), headers, json: #"{"resolution":"\#(resolution)"}"#).error(
                    .conflict)
            }
            let pull = try await task("pull", of: run, service)
            #expect(try await refusal(held.task).contains("is running"))
            #expect(try await refusal(pull, "from-here").contains("has not ended"))
            let unknown = Paths.resolve(TaskID(rawValue: "wft-none"), of: run)
            #expect(try await service.post(unknown, headers, json: #"{"resolution":"skip"}"#).status == .notFound)
            let nowhere = Paths.resolve(pull, of: RunID(rawValue: "wf-none"))
            #expect(try await service.post(nowhere, headers, json: #"{"resolution":"skip"}"#).status == .notFound)
            #expect(try await service.get(Paths.resolutions(RunID(rawValue: "wf-none")), headers).status == .notFound)
            _ = try await service.send(.post, Paths.stop(run), headers: headers)
            #expect(try await refusal(pull).contains("is stopping"))
            try await service.addRuns([try service.run("wf-history", created: "2024-01-01", ended: "2024-01-02")])
            let history = try answer(try await service.get(Paths.resolutions(RunID(rawValue: "wf-history")), headers))
            #expect(history.tasks.isEmpty)
        }
    }

    @Test("a viewer reads what applies, and resolves nothing")
    func access() async throws {
        try await withService { service in
            let headers = try await headers(service)
            let (run, _) = try await service.failingRun(headers)
            let pull = try await task("pull", of: run, service)
            let viewer = try await service.headers(.viewer)
            #expect(try await service.get(Paths.resolutions(run), viewer).status == .ok)
            let body = #"{"resolution":"skip"}"#
            #expect(try await service.post(Paths.resolve(pull, of: run), viewer, json: body).status == .forbidden)
            let long = String(repeating: " ", count: Limits.resolveBody - body.utf8.count)
            #expect(
                try await service.post(Paths.resolve(pull, of: run), headers, json: long + " " + body).status == .contentTooLarge)
            #expect(try await service.post(Paths.resolve(pull, of: run), headers, json: long + body).status == .ok)
        }
    }

    @Test("the card of a failed task offers what applies, and its form resolves the task")
    func page() async throws {
        try await withService { service in
            let headers = try await headers(service)
            let (run, held) = try await service.failingRun(headers)
            let pull = try await task("pull", of: run, service)
            let path = "/runs/\(run)/tasks/\(pull)"
            let (viewer, _) = try await BrowserSession.signedIn(.viewer, on: service)
            #expect(try await !viewer.get(path).text.contains("/resolve"))
            #expect(try await viewer.get(path + "/resolve").status == .forbidden)
            #expect(try await viewer.post(path + "/resolve", "resolution=skip").status == .forbidden)
            let (browser, _) = try await BrowserSession.signedIn(.operator, on: service)
            let card = try await browser.get(path).text
            #expect(card.contains("Skip it: Send will run without its outputs.") && card.contains("\(path)/resolve"))
            #expect(try await !browser.get("/runs/\(run)/tasks/\(held.task)").text.contains("/resolve"))
            #expect(try await browser.get("/runs/\(run)/tasks/\(held.task)/resolve").text.contains("No resolution applies"))

            let wrong = try await browser.post(path + "/resolve", "resolution=skip&outputs=%5B1%5D&reason=known")
            #expect(wrong.status == .badRequest)
            #expect(wrong.text.contains("a JSON object of at most") && wrong.text.contains("known"))
            #expect(try await browser.post(path + "/resolve", "reason=known").text.contains("Choose a resolution."))
            // One byte more than outputs may have.
            let longest = String(repeating: "%22", count: ResolvedOutputs.bytes + 1)
            let tooLong = try await browser.post(path + "/resolve", "resolution=skip&outputs=\(longest)&reason=known")
            #expect(tooLong.status == .badRequest && tooLong.text.contains("at most \(ResolvedOutputs.bytes) are accepted"))
            let sent = try await browser.post(path + "/resolve", "resolution=skip&outputs=&reason=known+problem")
            #expect(sent.status == .seeOther && sent.headers[.location] == "/runs/\(run)")
            let page = try await browser.get("/runs/\(run)").text
            #expect(page.contains("was skipped") && page.contains("known problem"))
            #expect(try await browser.get(path).text.contains("known problem"))
            let second = try await browser.post(path + "/resolve", "resolution=retry")
            #expect(second.status == .conflict && second.text.contains("is skipped"))
        }
    }

    @Test("after the end, the form leads to the rerun")
    func pageAfterTheEnd() async throws {
        try await withService { service in
            let headers = try await headers(service)
            let run = try await service.startedRun(headers)
            try await service.work(on: run, failing: ["pull"])
            let pull = try await task("pull", of: run, service)
            let (browser, _) = try await BrowserSession.signedIn(.operator, on: service)
            let sent = try await browser.post("/runs/\(run)/tasks/\(pull)/resolve", "resolution=skip&reason=known")
            #expect(sent.status == .seeOther)
            let place = try #require(sent.headers[.location])
            #expect(place != "/runs/\(run)")
            let page = try await browser.get(place).text
            #expect(page.contains("was skipped") && page.contains("Rerun of"))
        }
    }
}

extension ServiceUnderTest {
    /// A run of ``ResolutionTests/configuration``: `pull` has failed, so that `send` was skipped, while `count` runs.
    /// - Returns: the run, and the lease of `count`.
    func failingRun(_ headers: HTTPFields) async throws -> (run: RunID, held: Lease) {
        let run = try await startedRun(headers)
        let claimed = try await store.claimTasksOfAllTenants(
            TaskClaim(limit: 9, worker: "test", until: clock.now + .seconds(60)), at: clock.now)
        let fault = RunError(attribution: .customer, type: "test/fault", message: "Exit 3.")
        for task in claimed {
            _ = try await store.commit(.began, under: task.lease, at: clock.now)
            if task.definitionID == "pull" { _ = try await store.commit(.failed(fault), under: task.lease, at: clock.now) }
        }
        return (run, try #require(claimed.first { $0.definitionID == "count" }).lease)
    }
}
