import HTTPTypes
import HummingbirdTesting
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowTestKit

@Suite struct RerunPageTests {
    @Test func aRunIsDoneOverAfterALookAtWhatIsKept() async throws {
        try await withService { service in
            let headers = try await service.headers(.admin)
            _ = try await service.save(ServiceUnderTest.configuration(), as: "cg-daily", headers)
            let old = try await service.failedRun(headers)
            let (browser, _) = try await BrowserSession.signedIn(.operator, on: service)
            #expect(try await browser.get("/runs/\(old)").text.contains(">Rerun</a>"))
            let form = try await browser.get("/runs/\(old)/rerun").text
            #expect(form.contains("1 task will run") && form.contains("1 task succeeded and is kept"))
            #expect(try await browser.get("/runs/\(old)/rerun?from=start").text.contains("2 tasks will run"))
            #expect(try await browser.get("/runs/\(old)/rerun?from=somewhere").status == .badRequest)

            let fields = "from=failure&version=current&once=abc"
            let sent = try await browser.post("/runs/\(old)/rerun", fields)
            #expect(sent.status == .seeOther)
            let place = try #require(sent.headers[.location])
            #expect(try await browser.post("/runs/\(old)/rerun", fields).headers[.location] == place)
            let page = try await browser.get(place).text
            #expect(page.contains("Rerun of") && page.contains("/runs/\(old)") && page.contains("Kept from"))
            #expect(try await browser.get("/runs/\(old)").text.contains("Rerun as"))
            #expect(try await browser.post("/runs/\(old)/rerun", fields, token: "wrong").status == .forbidden)
        }
    }

    @Test func whatIsKeptOfATaskThatIsDefinedOtherwiseByNowIsPointedOut() async throws {
        try await withService { service in
            let headers = try await service.headers(.admin)
            _ = try await service.save(ServiceUnderTest.configuration(), as: "cg-daily", headers)
            let old = try await service.failedRun(headers)
            let (browser, _) = try await BrowserSession.signedIn(.operator, on: service)
            let words = "Pull (definition has changed since)"
            #expect(try await !browser.get("/runs/\(old)/rerun").text.contains("has changed since"))
            let newer = ServiceUnderTest.configuration().replacing("pull.py", with: "pull_all.py")
            _ = try await service.save(newer, as: "cg-daily", headers)
            #expect(try await browser.get("/runs/\(old)/rerun").text.contains(words))
            #expect(try await !browser.get("/runs/\(old)/rerun?version=launched").text.contains("has changed since"))

            // A task kept a second time was not executed by the original run.
            let sent = try await browser.post("/runs/\(old)/rerun", "from=failure&version=current&once=1")
            let place = try #require(sent.headers[.location])
            let rerun = RunID(rawValue: String(try #require(place.split(separator: "/").last)))
            try await service.work(on: rerun, failing: ["send"])
            #expect(try await browser.get("\(place)/rerun").text.contains(words))
        }
    }

    @Test func whatCannotBeDoneOverSaysWhyAndStartsNothing() async throws {
        try await withService { service in
            let headers = try await service.headers(.admin)
            _ = try await service.save(ServiceUnderTest.configuration(), as: "cg-daily", headers)
            let going = try await service.startedRun(headers)
            let (browser, _) = try await BrowserSession.signedIn(.operator, on: service)
            #expect(try await browser.get("/runs/\(going)/rerun").text.contains("has not ended yet"))
            let refused = try await browser.post("/runs/\(going)/rerun", "from=start&version=current&once=1")
            #expect(refused.status == .conflict && refused.text.contains("has not ended yet"))
            #expect(try await service.get(Paths.runs, headers).runIDs() == [going.rawValue])
            let (viewer, _) = try await BrowserSession.signedIn(.viewer, on: service)
            #expect(try await viewer.get("/runs/\(going)/rerun").status == .forbidden)
            #expect(try await viewer.post("/runs/\(going)/rerun", "from=start").status == .forbidden)
            #expect(try await browser.get("/runs/wf-nothing/rerun").status == .notFound)
        }
    }

    @Test func aRunIsComparedWithItsVersionsAndTheLastGoodRun() async throws {
        try await withService { service in
            let headers = try await service.headers(.admin)
            _ = try await service.save(ServiceUnderTest.configuration(), as: "cg-daily", headers)
            let good = try await service.startedRun(headers)
            let (browser, _) = try await BrowserSession.signedIn(.viewer, on: service)
            try await service.work(on: good, failing: [])
            #expect(try await browser.get("/runs/\(good)/compare").text.contains("No earlier run of this workflow succeeded"))

            service.clock.advance(by: .seconds(60))
            let failed = try await service.failedRun(headers)
            let newer = ServiceUnderTest.configuration(name: "Newer")
            _ = try await service.save(newer, as: "cg-daily", headers)
            #expect(try await browser.get("/runs/\(failed)").text.contains("/runs/\(failed)/compare"))
            let page = try await browser.get("/runs/\(failed)/compare")
            #expect(page.status == .ok)
            #expect(page.text.contains("/runs/\(good)") && page.text.contains("Both runs used the same version."))
            #expect(
                page.text.contains("name: Newer") && page.text.contains("+ <span>added</span>")
                    && page.text.contains("− <span>removed</span>"))
            let (stranger, _) = try await BrowserSession.signedIn(.admin, of: ServiceUnderTest.other, on: service)
            #expect(try await stranger.get("/runs/\(failed)/compare").status == .notFound)
        }
    }
}
