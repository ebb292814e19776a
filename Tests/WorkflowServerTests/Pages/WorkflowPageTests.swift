import HTTPTypes
import HummingbirdTesting
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowTestKit

@Suite("The pages of a workflow")
struct WorkflowPageTests {
    @Test("show since when it fails, with which version, and lead to the last good run")
    func broken() async throws {
        try await withService { service in
            let headers = try await service.headers(.admin)
            let (worker, _) = try await BrowserSession.signedIn(.operator, on: service)
            let (viewer, _) = try await BrowserSession.signedIn(.viewer, on: service)
            func page() async throws -> String { try await worker.get("/workflows/cg-daily").text }
            _ = try await service.save(ServiceUnderTest.configuration(), as: "cg-daily", headers)
            #expect(try await page().contains("No runs yet"))
            #expect(try await page().contains("none: it runs on request"))

            let good = try await service.startedRun(headers)
            try await service.work(on: good, failing: [])
            #expect(try await !page().contains("broken-title"))
            service.clock.advance(by: .seconds(60))
            _ = try await service.save(ServiceUnderTest.configuration() + "\n# 2", as: "cg-daily", headers)
            let first = try await service.failedRun(headers)
            service.clock.advance(by: .seconds(60))
            let second = try await service.failedRun(headers)

            let text = try await page()
            #expect(text.contains("2 runs failed in a row"))
            #expect(text.contains(#"First failed: <a href="/runs/\#(first)">"#) && text.contains("with version 2."))
            #expect(text.contains(#"Last good run: <a href="/runs/\#(good)">"#) && text.contains("with version 1."))
            #expect(text.contains("/runs/\(second)/compare") && text.contains("/runs/\(second)/rerun"))
            #expect(text.contains("1 of 3 (33\u{A0}%)"))
            #expect(text.contains("version 2 by"))
            // A cell for each task of each run, linked to it.
            for run in [good, first, second] {
                for task in try #require(try await service.store.run(run, of: ServiceUnderTest.acme)).tasks {
                    #expect(text.contains("href=\"/runs/\(run)/tasks/\(task.id)\""))
                }
            }
            let seen = try await viewer.get("/workflows/cg-daily").text
            #expect(seen.contains("2 runs failed in a row"))
            #expect(!seen.contains("/rerun\"") && !seen.contains("Run now") && !seen.contains("/pause"))
        }
    }

    @Test("and the page of a failed run show the last good run, and the last lines of the failed task")
    func failedRun() async throws {
        try await withService { service in
            let headers = try await service.headers(.admin)
            let (viewer, _) = try await BrowserSession.signedIn(.viewer, on: service)
            _ = try await service.save(ServiceUnderTest.configuration(), as: "cg-daily", headers)
            let good = try await service.startedRun(headers)
            try await service.work(on: good, failing: [])
            #expect(try await !viewer.get("/runs/\(good)").text.contains("failure-title"))
            service.clock.advance(by: .seconds(60))
            let failed = try await service.failedRun(headers)
            let text = try await viewer.get("/runs/\(failed)").text
            #expect(text.contains("No output of <a href=\"/runs/\(failed)/tasks/"))
            #expect(text.contains("Last good run <a href=\"/runs/\(good)\">") && !text.contains("First failed"))
            #expect(text.contains("<a href=\"/runs/\(failed)/compare\">Compare with it</a>"))
            #expect(!text.contains("/resolve"), "a viewer is offered no resolution")
            service.clock.advance(by: .seconds(60))
            let second = try await service.failedRun(headers)
            let next = try await viewer.get("/runs/\(second)").text
            #expect(next.contains("First failed <a href=\"/runs/\(failed)\">"))
            #expect(next.contains("with version 1; 2 failed runs in a row. Last good run <a href=\"/runs/\(good)\">"))
            #expect(try await viewer.get("/runs/\(failed)").text.contains("First failed") == false, "later failures do not count")
            try await resolving(second, on: service)
        }
    }

    /// The card of the failed task has links to the form, which comes with the resolution chosen.
    private func resolving(_ run: RunID, on service: ServiceUnderTest) async throws {
        let (worker, _) = try await BrowserSession.signedIn(.operator, on: service)
        let text = try await worker.get("/runs/\(run)").text
        for (resolution, name) in [("retry", "Retry"), ("skip", "Skip"), ("succeed", "Mark succeeded")] {
            let address = try #require(text.firstMatch(of: try Regex("/runs/[^\"]*/resolve\\?resolution=\(resolution)")))
            #expect(text.contains(">\(name)</a>"))
            let form = try await worker.get(String(address.0)).text
            #expect(form.contains("value=\"\(resolution)\" required checked>"))
        }
        let task = try #require(try await service.store.run(run, of: ServiceUnderTest.acme)?.tasks.first { $0.state == .failed })
        let refused = try await worker.get("/runs/\(run)/tasks/\(task.id)/resolve?resolution=undo")
        #expect(refused.status == .badRequest && refused.text.contains("Unknown resolution undo. Accepted: retry, skip"))
    }

    @Test("name the schedule, the next run, the receivers of failures and the limit")
    func facts() async throws {
        try await withService { service in
            let headers = try await service.headers(.admin)
            let (browser, _) = try await BrowserSession.signedIn(.operator, on: service)
            let rules = """

                labels: {team: crm}
                concurrency: 2
                schedule: {cron: "0 * * * *"}
                """
            _ = try await service.save(ServiceUnderTest.configuration() + rules, as: "cg-daily", headers)
            for (name, rule) in [("ops", #""on":["failed"]"#), ("web", #""on":["failed"],"configurations":["cg-other"]"#)] {
                let order = "{\"name\":\"\(name)\",\"url\":\"https://hooks.example/T\",\(rule)}"
                let made = try await service.post(Paths.alertReceivers, headers, json: order)
                try #require(made.status == .created, "\(made.text)")
            }
            let text = try await browser.get("/workflows/cg-daily").text
            #expect(text.contains("every hour") && text.contains("Next run") && text.contains("2 runs at once"))
            #expect(text.contains("ops on failed") && !text.contains("web on failed"))
            #expect(text.contains(">team:crm</a>"))
            let paused = try await browser.post("/workflows/cg-daily/pause", "reason=migration&until=")
            #expect(paused.headers[.location] == "/workflows/cg-daily")
            let quiet = try await browser.get("/workflows/cg-daily").text
            #expect(quiet.contains("until it is resumed: migration") && !quiet.contains("Next run"))
            #expect(try await browser.get("/workflows/cg-daily/live?once=yes").status == .ok)
        }
    }

    @Test("show each version of the definition with its changes")
    func definition() async throws {
        try await withService { service in
            let headers = try await service.headers(.admin)
            let (browser, _) = try await BrowserSession.signedIn(.viewer, on: service)
            for note in ["one <b>", "two"] {
                _ = try await service.save(ServiceUnderTest.configuration() + "\n# \(note)", as: "cg-daily", headers)
            }
            let newest = try await browser.get("/workflows/cg-daily/definition").text
            #expect(newest.contains("<h2 id=\"source-title\">Version 2</h2>") && newest.contains("From version 1:"))
            #expect(newest.contains("# one &lt;b&gt;"))
            let first = try await browser.get("/workflows/cg-daily/definition?version=1").text
            #expect(first.contains("This is the first version.") && first.contains("# one &lt;b&gt;"))
            for query in ["version=3", "version=0"] {
                #expect(try await browser.get("/workflows/cg-daily/definition?\(query)").status == .notFound, "\(query)")
            }
            for query in ["version=x", "version=-1", "version=100001", "version=1&version=2"] {
                #expect(try await browser.get("/workflows/cg-daily/definition?\(query)").status == .badRequest, "\(query)")
            }
            #expect(try await browser.get("/workflows/cg-daily?tasks=x").status == .badRequest)
            // Past the last page of tasks is the last one.
            #expect(try await browser.get("/workflows/cg-daily?tasks=100000").status == .ok)
        }
    }

    @Test("are those of the tenant only")
    func tenants() async throws {
        try await withService { service in
            let headers = try await service.headers(.admin)
            _ = try await service.save(ServiceUnderTest.configuration(), as: "cg-daily", headers)
            let (other, _) = try await BrowserSession.signedIn(.admin, of: ServiceUnderTest.other, on: service)
            for path in ["", "/live?once=yes", "/definition", "/definition?version=1", "/schedule"] {
                #expect(try await other.get("/workflows/cg-daily" + path).status == .notFound, "\(path)")
            }
        }
    }
}
