import HTTPTypes
import HummingbirdTesting
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowTestKit

@Suite struct PageTests {
    @Test func everyPageCarriesTheHeadersThatKeepItSafe() async throws {
        try await withService { service in
            let (browser, _) = try await BrowserSession.signedIn(.admin, on: service)
            for path in ["/runs", "/workflows", "/settings/keys", "/settings/keys/new", "/runs/wf-nothing", "/nothing", "/sign-in"]
            {
                let page = try await browser.get(path)
                let policy = try #require(page.headers[.contentSecurityPolicy])
                #expect(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "\(path)")
                #expect(!policy.contains("unsafe"))
                #expect(page.headers[.xContentTypeOptions] == "nosniff")
                #expect(page.headers[HTTPField.Name("Referrer-Policy") ?? .accept] == "same-origin")
                #expect(page.headers[.cacheControl] == "no-store")
                #expect(!page.text.contains("<script>") && !page.text.contains("style=") && !page.text.contains("onclick"))
            }
        }
    }

    @Test func whatIsNoPageIsAPageForBrowsersAndJSONForPrograms() async throws {
        try await withService { service in
            let page = try await service.get("/nothing", [.accept: "text/html"])
            #expect(page.status == .notFound)
            #expect(page.headers[.contentType] == "text/html; charset=utf-8")
            #expect(try await service.get("/nothing", [:]).error(.notFound).isEmpty == false)
            #expect(try await service.get("/api/nothing", [.accept: "text/html"]).error(.notFound).isEmpty == false)
            #expect(try await service.get("/healthz", [.accept: "text/html"]).status == .ok)
        }
    }

    @Test func assetsAreKeptForEver() async throws {
        try await withService { service in
            let text = try await service.get("/sign-in", [:]).text
            let path = try #require(text.split(separator: "href=\"").first { $0.contains("weir.css") }?.prefix { $0 != "\"" })
            let file = try await service.get(String(path), [:])
            #expect(file.status == .ok)
            #expect(file.headers[.contentType] == "text/css; charset=utf-8")
            #expect(file.headers[.cacheControl] == "public, max-age=31536000, immutable")
            let tag = try #require(file.headers[.eTag])
            #expect(try await service.get(String(path), [.ifNoneMatch: tag]).status == .notModified)
            #expect(try await service.get("/assets/other/weir.css", [.accept: "text/html"]).status == .notFound)
        }
    }

    @Test func policiesDecideWhatIsShownAndWhatIsRefused() async throws {
        try await withService { service in
            let (admin, _) = try await BrowserSession.signedIn(.admin, on: service)
            let (viewer, _) = try await BrowserSession.signedIn(.viewer, on: service)
            let (worker, _) = try await BrowserSession.signedIn(.operator, on: service)
            let headers = try await service.headers(.admin)
            _ = try await service.save(ServiceUnderTest.configuration(), as: "cg-daily", headers)
            let started = try await worker.post("/workflows/cg-daily/run", "run_mode=full&once=1")
            let run = try #require(started.headers[.location])
            #expect(run.hasPrefix("/runs/wf-"))
            #expect(try await worker.get(run).text.contains("Stop run"))
            #expect(!(try await viewer.get(run).text.contains("Stop run")))
            #expect(!(try await viewer.get("/workflows").text.contains("Run now")))
            #expect(!(try await worker.get("/runs").text.contains("/settings/keys")))
            for answer in [
                try await viewer.get(run + "/stop"), try await viewer.post(run + "/stop"),
                try await viewer.post("/workflows/cg-daily/run", "once=2"), try await viewer.get("/settings/keys"),
                try await worker.get("/settings/keys"), try await worker.post("/settings/keys", "name=x&policy=admin"),
            ] { #expect(answer.status == .forbidden) }
            #expect(try await admin.get("/settings/keys").status == .ok)
            #expect(try await worker.post(run + "/stop").status == .seeOther)
            #expect(try await worker.get(run).text.contains("Stopped"))
        }
    }

    @Test func aFormThatIsSentTwiceStartsOneRun() async throws {
        try await withService { service in
            let (browser, _) = try await BrowserSession.signedIn(.operator, on: service)
            _ = try await service.save(ServiceUnderTest.configuration(), as: "cg-daily", try await service.headers(.admin))
            let first = try await browser.post("/workflows/cg-daily/run", "run_mode=full&once=abc").headers[.location]
            let again = try await browser.post("/workflows/cg-daily/run", "run_mode=full&once=abc").headers[.location]
            let other = try await browser.post("/workflows/cg-daily/run", "run_mode=source&once=abc").headers[.location]
            #expect(first != nil && first == again)
            #expect(other != first)
            for fields in [
                "run_mode=sideways&once=1", "run_mode=full&range_from=never&once=1", "run_mode=full&range_to=2024&once=1",
                "run_mode=full&range_from=2024&range_to=2023&once=1", "run_mode=refresh&once=1",
                "run_mode=full&labels=team&once=1", "run_mode=full&labels=team=a+team=b&once=1",
                "run_mode=full&labels=-%3Da&once=1",
            ] {
                let answer = try await browser.post("/workflows/cg-daily/run", fields)
                #expect(answer.status == .badRequest, "\(fields)")
                #expect(answer.text.contains("role=\"alert\""))
            }
            #expect(try await service.store.runs(matching: RunQuery(tenant: ServiceUnderTest.acme)).runs.count == 2)
        }
    }

    @Test func aRunGetsTheLabelsOfItsForm() async throws {
        try await withService { service in
            let (browser, _) = try await BrowserSession.signedIn(.operator, on: service)
            let text = "labels: {team: crm, tier: gold}\n" + ServiceUnderTest.configuration()
            _ = try await service.save(text, as: "cg-daily", try await service.headers(.admin))
            #expect(try await browser.get("/workflows").text.contains("<code>cg-daily</code> · team:crm, tier:gold</p>"))
            #expect(try await browser.get("/workflows/cg-daily/run").text.contains("In addition to team:crm, tier:gold."))
            let fields = "run_mode=full&labels=team%3Dweb%2C+ticket%3AOPS-417&once="
            let first = try await browser.post("/workflows/cg-daily/run", fields + "abc").headers[.location]
            #expect(try await browser.post("/workflows/cg-daily/run", fields + "abc").headers[.location] == first)
            let labels = try await service.store.runs(matching: RunQuery(tenant: ServiceUnderTest.acme)).runs.map(\.origin.labels)
            #expect(labels.map { $0.map(\.description) } == [["team:web", "ticket:OPS-417", "tier:gold"]])
            let other = try await browser.post("/workflows/cg-daily/run", "run_mode=full&labels=team%3Dcrm&once=abc").headers[
                .location]
            #expect(other != nil && other != first)
            let wrong = try await browser.post("/workflows/cg-daily/run", "run_mode=full&labels=a%3Db+%22&once=x")
            #expect(wrong.status == .badRequest && wrong.text.contains("name=\"labels\" value=\"a=b &quot;\""))
        }
    }

    @Test func anotherTenantsRunsTasksAndKeysAreNotThere() async throws {
        try await withService { service in
            let (browser, _) = try await BrowserSession.signedIn(.admin, on: service)
            let (_, key) = try await BrowserSession.signedIn(.viewer, of: ServiceUnderTest.other, on: service)
            let run = try service.run("wf-theirs", created: "2024-02-01", of: ServiceUnderTest.other)
            try await service.addRuns([run], to: ServiceUnderTest.other)
            #expect(!(try await browser.get("/runs").text.contains("wf-theirs")))
            for path in [
                "/runs/wf-theirs", "/runs/wf-theirs/live?once=yes", "/runs/wf-theirs/stop", "/runs/wf-theirs/tasks/wft-1",
                "/settings/keys/\(key.id)/rotate", "/settings/keys/\(key.id)/drop", "/settings/keys/\(key.id)/token",
            ] { #expect(try await browser.get(path).status == .notFound, "\(path)") }
            #expect(try await browser.post("/settings/keys/\(key.id)/drop").status == .notFound)
            #expect(try await browser.post("/settings/keys/\(key.id)/token", "days=3&rotate=true").status == .notFound)
            #expect(try await service.store.key(key.id)?.secretNumber == 1)
            #expect(try await service.store.key(key.id) != nil)
        }
    }

    @Test func theHistoryIsFilteredAndPagedByItsAddress() async throws {
        try await withService { service in
            let (browser, _) = try await BrowserSession.signedIn(.viewer, on: service)
            let runs = try (0..<60).map { number in
                try service.run(
                    "wf-\(number < 10 ? "0" : "")\(number)",
                    created: "2024-02-0\(1 + number / 10)T\(number % 10 < 5 ? "09" : "10")",
                    ended: "2024-02-09", state: number % 2 == 0 ? .succeeded : .failed)
            }
            try await service.addRuns(runs)
            let first = try await browser.get("/runs?created_from=2024-02-01").text
            #expect(first.contains("60 runs"))
            #expect(first.contains("row-wf-59") && !first.contains("row-wf-09"))
            let next = try #require(first.split(separator: "rel=\"next\" href=\"").dropFirst().first?.prefix { $0 != "\"" })
            let second = try await browser.get(String(next).replacing("&amp;", with: "&")).text
            #expect(second.contains("row-wf-00") && !second.contains("row-wf-59"))
            #expect(second.contains("rel=\"prev\""))
            #expect(try await browser.get("/runs?state=failed&created_from=2024-02-01").text.contains("30 runs"))
            // Empty fields are left out of the URL.
            #expect(try await browser.get("/runs?state=failed&type=&created_from=").headers[.location] == "/runs?state=failed")
            for address in [
                "state=sideways", "created=never", "created_from=soon", "created_from=2024&created_to=2023", "sort=name", "after=x",
            ] {
                #expect(try await browser.get("/runs?\(address)").status == .badRequest, "\(address)")
            }
        }
    }

    @Test func aPageSaysWhatItShowedSoThatOnlyChangesFollow() async throws {
        try await withService { service in
            let (browser, _) = try await BrowserSession.signedIn(.operator, on: service)
            let headers = try await service.headers(.admin)
            _ = try await service.save(ServiceUnderTest.configuration(), as: "cg-daily", headers)
            let run = try #require(try await browser.post("/workflows/cg-daily/run", "once=1").headers[.location])
            func live(_ page: String) async throws -> String {
                let text = try await browser.get(page).text
                return String(try #require(text.split(separator: "data-live=\"").dropFirst().first).prefix { $0 != "\"" })
                    .replacing("&amp;", with: "&")
            }
            let address = try await live(run + "?skipped=hide")
            #expect(address.hasPrefix(run + "/live?skipped=hide&seen="))
            for page in [run, "/workflows"] { #expect(try await browser.get(live(page) + "&once=yes").text == "", "\(page)") }
            #expect(try await browser.get(address + "&once=yes").text == "")
            let now = service.clock.now
            _ = try await service.store.claimTasksOfAllTenants(TaskClaim(limit: 1, worker: "w", until: now + .seconds(60)), at: now)
            let changes = try await browser.get(address + "&once=yes").text
            #expect(changes.contains("data: t-0\n") && !changes.contains("data: t-1\n") && !changes.contains("data: run-actions\n"))
        }
    }

    @Test func theTasksOfARunAreChosenByItsAddress() async throws {
        try await withService { service in
            let (browser, _) = try await BrowserSession.signedIn(.viewer, on: service)
            let headers = try await service.headers(.admin)
            _ = try await service.save(ServiceUnderTest.configuration(), as: "cg-daily", headers)
            let run = "/runs/\(try await service.failedRun(headers))"
            let failed = try await browser.get(run + "?tasks=failed").text
            #expect(failed.contains("id=\"t-1\"") && !failed.contains("id=\"t-0\""))
            #expect(try await browser.get(run + "?stage=1").text.contains("id=\"t-0\""))
            for address in ["stage=x", "tasks=lost", "from=-1"] {
                #expect(try await browser.get(run + "?" + address).status == .badRequest, "\(address)")
            }
        }
    }

    @Test func theWholeStoredLogIsSearchedByAddress() async throws {
        try await withService { service in
            let (browser, _) = try await BrowserSession.signedIn(.viewer, on: service)
            let headers = try await service.headers(.admin)
            _ = try await service.save(ServiceUnderTest.configuration(), as: "cg-daily", headers)
            let run = try await service.startedRun(headers)
            let now = service.clock.now
            let claimed = try await service.store.claimTasksOfAllTenants(
                TaskClaim(limit: 1, worker: "w", until: now + .seconds(60)), at: now)
            let lease = try #require(claimed.first?.lease)
            let text = (1...1_602).map {
                "row \($0) of the \u{1B}[31mWARE\u{1B}[0mHOUSE " + String(repeating: "x", count: 200) + "\n"
            }.joined()
            for (number, piece) in Array(text.utf8).chunks(of: 10_007).enumerated() {
                try await service.store.appendOutput(
                    OutputChunk(offset: number * 10_007, bytes: piece), under: lease, keepingLast: 1_048_576)
            }
            let address = "/runs/\(run)/tasks/\(lease.task.rawValue)?attempt=1&q=warehouse"
            let first = try await browser.get(address).text
            #expect(
                first.contains("Match 1 of 1,602") && first.contains("match=2#match")
                    && !first.contains("rel=\"prev\" href=\"/runs"))
            let middle = try await browser.get(address + "&match=801").text
            #expect(middle.contains("Match 801 of 1,602") && middle.contains("row 801 of the "))
            #expect(middle.contains("match=800#match") && middle.contains("match=802#match"))
            #expect(middle.utf8.count < 200_000)
            #expect(try await browser.get(address + "&match=1602").text.contains("row 1602 of the "))
            // This output has no times, as that of an earlier version: its lines are counted.
            let end = try await browser.get("/runs/\(run)/tasks/\(lease.task.rawValue)").text
            #expect(end.contains("id=\"L1602\"") && end.contains("row 1602 of") && !end.contains("id=\"L1\""))
            for wrong in ["&match=0", "&match=x", "&stream=stdin"] {
                #expect(try await browser.get(address + wrong).status == .badRequest)
            }
            let long = address + String(repeating: "a", count: 200)
            #expect(try await browser.get(long).status == .badRequest)
        }
    }

    @Test func aLivePageTellsOnlyWhatAClientHasNotSeen() async throws {
        try await withService { service in
            let (browser, _) = try await BrowserSession.signedIn(.operator, on: service)
            _ = try await service.save(ServiceUnderTest.configuration(), as: "cg-daily", try await service.headers(.admin))
            let run = try #require(try await browser.post("/workflows/cg-daily/run", "once=1").headers[.location])
            let first = try await browser.get(run + "/live?once=yes")
            #expect(first.headers[.contentType] == "text/event-stream")
            #expect(first.text.contains("event: region\ndata: run-summary\n"))
            let id = try #require(first.text.split(separator: "id: ").dropFirst().first?.prefix { $0 != "\n" })
            let lastEventID = try #require(HTTPField.Name("Last-Event-ID"))
            #expect(try await browser.get(run + "/live?once=yes", [lastEventID: String(id)]).text == "")
            _ = try await browser.post(run + "/stop")
            let after = try await browser.get(run + "/live?once=yes", [lastEventID: String(id)]).text
            #expect(after.contains("Stopped") && after.contains("event: over"))
            #expect(after.contains("by <b>CI</b> at <time"))
        }
    }
}

extension [UInt8] {
    fileprivate func chunks(of length: Int) -> [[UInt8]] {
        stride(from: 0, to: count, by: length).map { Array(self[$0..<Swift.min($0 + length, count)]) }
    }
}
