import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowTestKit

@Suite("Runs that a run triggered")
struct TriggeredRunsTests {
    @Test("are named by the run, on its page and in the verbose view, with the reasons of those that did not start")
    func named() async throws {
        try await withService { service in
            let headers = try await service.headers(.admin)
            for (id, more) in [("cg-daily", ""), ("cg-a", "[any]"), ("cg-b", "[succeeded]"), ("cg-c", "[failed]")] {
                let trigger = more.isEmpty ? "" : "\ntriggers: [{after: cg-daily, on: \(more)}]\n"
                let text = ServiceUnderTest.configuration(id) + trigger
                try #require(try await service.save(text, as: id, headers).status == .created)
            }
            let run = try await service.startedRun(headers)
            let path = Paths.run(run) + "?view=verbose"
            #expect(try await service.get(path, headers).json()["firings"] == nil)
            try await service.work(on: run, failing: [])
            let now = service.clock.now
            let waiting = try await service.store.waitingFiringsOfAllTenants(at: now, limit: 9)
            try #require(waiting.count == 2)
            var started: RunID?
            for firing in waiting {
                let version = try #require(try await service.store.configuration(firing.configuration, of: ServiceUnderTest.acme))
                let configuration = try ConfigurationReader().read(version.source, file: "cg.yaml")
                let ended = try #require(try await service.store.run(run, of: ServiceUnderTest.acme)).run
                let decision =
                    firing.configuration == "cg-b"
                    ? firing.ended(.paused, "Moving <the> warehouse.", at: now)
                    : firing.decided(
                        by: configuration.trigger(after: "cg-daily", in: .succeeded), of: configuration, version: version,
                        values: TriggerValues(of: ended), at: now, random: SystemRandom())
                started = started ?? decision.start?.id
                _ = try await service.store.record(decision, at: now)
            }
            let next = try #require(started)
            let response = try await service.get(path, headers)
            let details = try WorkflowRunDetails(json: Array(response.body.readableBytesView))
            #expect(details.firings.map(\.configuration) == ["cg-a", "cg-b"] && details.firings.map(\.run) == [next, nil])
            #expect(try await service.get(Paths.run(run), headers).json()["firings"] == nil)
            let (browser, _) = try await BrowserSession.signedIn(.viewer, on: service)
            let page = try await browser.get("/runs/\(run)").text
            #expect(page.contains("href=\"/runs/\(next)\"") && page.contains("\(next) of cg-a"))
            #expect(page.contains("nothing of cg-b: paused. Moving &lt;the&gt; warehouse."), "\(page)")
            #expect(try await browser.get("/runs/\(next)").text.contains("\(run) of cg-daily"))
        }
    }
}
