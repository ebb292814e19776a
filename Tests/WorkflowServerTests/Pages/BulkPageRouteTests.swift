import HTTPTypes
import HummingbirdTesting
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowServer
import WorkflowTestKit

@Suite("The pages of bulk operations")
struct BulkPageRouteTests {
    @Test("runs are chosen in the history, previewed, stopped, and shown with their receipts")
    func way() async throws {
        try await withService { service in
            let prepared = try await PreparedService(service)
            let browser = prepared.browser
            let history = try await browser.get("/runs")
            #expect(history.text.contains(#"<input type="checkbox" name="run" value="\#(prepared.run)" form="bulk""#))
            #expect(history.text.contains("Choose all 2 runs that match"))
            let preview = try await browser.get("/bulk/new?run=\(prepared.run)&state=failed&action=stop")
            #expect(preview.status == .ok && preview.text.contains("<h1>Stop 1 run?</h1>"), "\(preview.text)")
            #expect(preview.text.contains(prepared.run.rawValue))
            let made = try await browser.post("/bulk", "action=stop&run=\(prepared.run)&expect=1&reason=enough")
            let place = try #require(made.headers[.location])
            #expect(made.status == .seeOther && place.hasPrefix("/bulk/bo-"))
            let shown = try await browser.get(place)
            #expect(shown.text.contains("Stop 1 run") && shown.text.contains("Abort") && shown.text.contains("data-live"))
            let none = try await browser.get(place + "/live?once=yes")
            #expect(none.text.contains("No receipts yet") && !none.text.contains("event: over"))
            let id = BulkID(rawValue: String(place.dropFirst("/bulk/".count)))
            let claimed = try await service.store.claimBulkOperationsOfAllTenants(
                limit: 10, until: service.clock.now + .seconds(9), at: service.clock.now)
            let lease = try #require(claimed.first { $0.operation.id == id }).lease
            let step = BulkStep(1, .settle(.isStopping), on: prepared.run)
            try #require(try await service.store.carryOut(step, under: lease, at: service.clock.now) != nil)
            let live = try await browser.get(place + "/live?once=yes")
            #expect(live.text.contains("The run was being stopped already.") && live.text.contains("Nothing to do (1)"))
            #expect(!(try await browser.get(place + "/live?once=yes&outcome=refused").text.contains("stopped already")))
            let aborted = try await browser.post(place + "/abort")
            #expect(aborted.headers[.location] == place)
            #expect(try await browser.get(place).text.contains("Aborted"))
            #expect(try await browser.get("/bulk").text.contains(place))
        }
    }

    @Test("all that match are a filter, and another number by then is a problem of the form")
    func all() async throws {
        try await withService { service in
            let prepared = try await PreparedService(service)
            let browser = prepared.browser
            let preview = try await browser.get("/bulk/new?all=yes&state=scheduled&action=label")
            #expect(preview.text.contains("<h1>Label 1 run?</h1>"), "\(preview.text)")
            #expect(preview.text.contains(#"<input type="hidden" name="state" value="scheduled">"#))
            let other = try await browser.post("/bulk", "action=label&all=yes&state=scheduled&expect=2&labels=a%3Db")
            #expect(other.status == .conflict && other.text.contains("The request expects 2 runs, and 1 match now."))
            let wrong = try await browser.post("/bulk", "action=label&all=yes&state=scheduled&expect=1&labels=")
            #expect(wrong.status == .badRequest && wrong.text.contains("No label is named."))
            let made = try await browser.post("/bulk", "action=label&all=yes&state=scheduled&expect=1&labels=a%3Db")
            let id = BulkID(rawValue: String(try #require(made.headers[.location]).dropFirst("/bulk/".count)))
            let operation = try #require(try await service.store.bulkOperation(id, of: ServiceUnderTest.acme))
            #expect(operation.selection == .filter(RunFilter(state: .scheduled)) && operation.total == 1)
        }
    }

    @Test("no run, an unknown action and an action beyond the policy are refused")
    func refusals() async throws {
        try await withService { service in
            _ = try await PreparedService(service)
            let browser = try await BrowserSession.signedIn(.operator, on: service).browser
            #expect(try await browser.get("/bulk/new?action=stop").status == .badRequest)
            #expect(try await browser.get("/bulk/new?action=odd&all=yes").status == .badRequest)
            #expect(try await browser.get("/bulk/new?action=delete&all=yes").status == .forbidden)
            #expect(try await browser.get("/bulk/new?action=stop&all=yes&stat=failed").status == .badRequest)
            #expect(try await browser.get("/bulk/bo-none").status == .notFound)
            for fields in [
                "", "&expect=", "&expect=abc", "&expect=-1", "&expect=99999999999999999999", "&expect=1&resolution=skpi",
                "&expect=1&from=odd", "&expect=1&version=odd",
            ] {
                let refused = try await browser.post("/bulk", "action=resolve&all=yes&state=scheduled" + fields)
                #expect(refused.status == .badRequest, "\(fields)")
            }
            let viewer = try await BrowserSession.signedIn(.viewer, on: service).browser
            #expect(try await viewer.get("/bulk/new?action=stop&all=yes").status == .forbidden)
            #expect(try await viewer.get("/bulk").status == .ok)
            #expect(try await !viewer.get("/runs").text.contains("checkbox\" name=\"run\""))
        }
    }
}
