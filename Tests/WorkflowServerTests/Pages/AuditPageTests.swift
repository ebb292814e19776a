import HTTPTypes
import HummingbirdTesting
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowPages
import WorkflowTestKit

@Suite("Pages: the audit log")
struct AuditPageTests {
    @Test("is for admins, and has the events of their tenant")
    func access() async throws {
        try await withService { service in
            let (admin, _) = try await BrowserSession.signedIn(.admin, on: service)
            let (other, _) = try await BrowserSession.signedIn(.admin, of: ServiceUnderTest.other, on: service)
            let (worker, _) = try await BrowserSession.signedIn(.operator, on: service)
            _ = try await worker.post("/views", "name=%3Cours%3E&search=")
            let page = try await admin.get("/settings/audit")
            #expect(page.status == .ok && page.text.contains("saved a view") && page.text.contains("&lt;ours&gt;"))
            #expect(try await !other.get("/settings/audit").text.contains("ours"))
            #expect(try await worker.get("/settings/audit").status == .forbidden)
            #expect(try await !worker.get("/runs").text.contains("/settings/audit"))
            #expect(try await admin.get("/runs").text.contains("/settings/audit"))
        }
    }

    @Test("filters by time, event and principal, and says what is wrong with a filter")
    func filters() async throws {
        try await withService { service in
            let (admin, key) = try await BrowserSession.signedIn(.admin, on: service)
            _ = try await BrowserSession.signedIn(.viewer, on: service)
            service.clock.advance(by: .seconds(3_600))
            _ = try await admin.post("/views", "name=later&search=")
            func count(_ query: String) async throws -> Int {
                let page = try await admin.get("/settings/audit?" + query)
                #expect(page.status == .ok)
                return page.text.split(separator: "<tr><td class=\"name\">").count - 1
            }
            #expect(try await count("") == 3)
            #expect(try await count("type=weir.view%2Fsaved&happened_from=&principal=") == 1)
            #expect(try await count("principal=\(key.id)") == 2)
            #expect(try await count("happened_from=2024-02-10T18:00:00.000Z") == 1)
            #expect(try await count("happened_to=2024-02-10T18:00") == 2)
            #expect(try await count("type=weir.view%2Fsaved&principal=wk_none") == 0)
            for (query, problem) in [
                ("happened_from=x", "From is not a date"), ("happened_from=2024&happened_to=2023", "To is before From."),
                ("type=x", "Choose one of the events."), ("next_token=x", "other filters"),
            ] {
                let page = try await admin.get("/settings/audit?" + query)
                #expect(page.status == .badRequest && page.text.contains(problem), "\(query)")
            }
        }
    }

    @Test("shows fifty events on a page, with a way to older ones")
    func pages() async throws {
        try await withService { service in
            let (admin, _) = try await BrowserSession.signedIn(.admin, on: service)
            for number in 0..<60 {
                service.clock.advance(by: .seconds(1))
                _ = try await admin.post("/views", "name=view-\(number)&search=")
            }
            let first = try await admin.get("/settings/audit?type=weir.view%2Fsaved").text
            #expect(first.contains("view-59") && first.contains("view-10<") && !first.contains("view-9<"))
            let link = try #require(first.split(separator: "rel=\"next\" href=\"").dropFirst().first?.prefix { $0 != "\"" })
            let second = try await admin.get(String(link).replacing("&amp;", with: "&")).text
            #expect(second.contains("view-9<") && second.contains("view-0<") && !second.contains("view-10<"))
            #expect(second.contains(">Newest<") && !second.contains(">Older"))
        }
    }
}
