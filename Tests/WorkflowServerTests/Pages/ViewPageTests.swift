import HTTPTypes
import HummingbirdTesting
import Testing
import WorkflowAPI
import WorkflowModel

@Suite("Pages: saved views and exports")
struct ViewPageTests {
    @Test("an operator saves the search, everyone of the tenant sees it, and it is deleted after asking")
    func savingAndDeleting() async throws {
        try await withService { service in
            let (worker, _) = try await BrowserSession.signedIn(.operator, on: service)
            let (viewer, _) = try await BrowserSession.signedIn(.viewer, on: service)
            let (stranger, _) = try await BrowserSession.signedIn(.admin, of: ServiceUnderTest.other, on: service)
            #expect(try await viewer.get("/views").text.contains("No saved views yet"))
            let page = try await worker.get("/runs?state=failed&created_from=7d").text
            #expect(page.contains("href=\"/views/new?q=state:failed%20since:7d\""))
            #expect(
                try await worker.get("/views/new?q=state%3Afailed%20since%3A7d").text.contains("<code>state:failed since:7d</code>")
            )
            let saved = try await worker.post("/views", "name=Failed%2F7+days&search=state%3Afailed%20since%3A7d")
            #expect(saved.status == .seeOther && saved.headers[.location] == "/runs?created_from=7d&state=failed")
            let list = try await viewer.get("/runs?created_from=7d&state=failed").text
            #expect(list.contains("href=\"/runs?created_from=7d&amp;state=failed\" aria-current=\"page\">Failed/7 days</a>"))
            #expect(try await worker.get("/runs?created_from=7d&state=failed").text.contains("/views/new") == false)
            #expect(try await viewer.get("/views").text.contains("<code>state:failed since:7d</code>"))
            for path in ["/views", "/runs"] { #expect(try await !stranger.get(path).text.contains("Failed/7 days"), "\(path)") }
            let drop = "/views/Failed%2F7%20days/delete"
            #expect(try await stranger.get(drop).status == .notFound)
            _ = try await stranger.post(drop)
            #expect(try await worker.get(drop).text.contains("Delete the view Failed/7 days?"))
            #expect(try await service.store.views(of: ServiceUnderTest.acme).count == 1)
            #expect(try await worker.post(drop).headers[.location] == "/views")
            #expect(try await service.store.views(of: ServiceUnderTest.acme).isEmpty)
            #expect(try await worker.get(drop).status == .notFound)
        }
    }

    @Test("another search under the name of a view replaces it only after asking")
    func replacing() async throws {
        try await withService { service in
            let (worker, _) = try await BrowserSession.signedIn(.operator, on: service)
            _ = try await worker.post("/views", "name=Mine&search=state%3Afailed")
            let asked = try await worker.post("/views", "name=Mine&search=state%3Arunning")
            #expect(asked.status == .conflict && asked.text.contains("name=\"replace\" value=\"Mine\""))
            #expect(try await service.store.view(named: "Mine", of: ServiceUnderTest.acme)?.search == "state:failed")
            #expect(try await worker.post("/views", "name=Other&replace=Mine&search=state%3Arunning").status == .seeOther)
            #expect(try await worker.post("/views", "name=Mine&replace=Mine&search=state%3Arunning").status == .seeOther)
            #expect(try await service.store.view(named: "Mine", of: ServiceUnderTest.acme)?.search == "state:running")
        }
    }

    @Test("names and searches that cannot be are refused in the form, and a viewer saves nothing")
    func refusals() async throws {
        try await withService { service in
            let (worker, _) = try await BrowserSession.signedIn(.operator, on: service)
            let (viewer, _) = try await BrowserSession.signedIn(.viewer, on: service)
            for fields in ["name=&search=state%3Afailed", "name=x%0Ay&search=state%3Afailed", "name=x&search=stat%3A"] {
                let answer = try await worker.post("/views", fields)
                #expect(answer.status == .badRequest && answer.text.contains("role=\"alert\""), "\(fields)")
            }
            for answer in [
                try await viewer.post("/views", "name=x&search=state%3Afailed"), try await viewer.get("/views/new?q=x"),
                try await viewer.get("/views/x/delete"), try await viewer.post("/views/x/delete"),
                try await worker.post("/views", "name=x&search=state%3Afailed", token: "forged"),
            ] { #expect(answer.status == .forbidden) }
            #expect(try await !viewer.get("/runs?state=failed").text.contains("/views/new"))
            #expect(try await service.store.views(of: ServiceUnderTest.acme).isEmpty)
        }
    }

    @Test("what the page shows is exported to a signed-in viewer, of their tenant only")
    func exports() async throws {
        try await withService { service in
            let (viewer, _) = try await BrowserSession.signedIn(.viewer, on: service)
            try await HistoryPageTests.addHistory(to: service)
            try await HistoryPageTests.addHistory(to: service, of: ServiceUnderTest.other)
            let page = try await viewer.get("/runs?state=failed&config_id=cg-acme&sort=runtime").text
            let link = "/runs/export?format=csv&state=failed&config_id=cg-acme&sort=runtime"
            #expect(page.contains("href=\"\(link.replacing("&", with: "&amp;"))\""))
            let csv = try await viewer.get(link)
            #expect(csv.status == .ok && csv.headers[.contentType]?.hasPrefix("text/csv") == true)
            #expect(csv.headers[.contentDisposition]?.hasPrefix("attachment; filename=") == true)
            #expect(csv.text.contains("wf-acme-06") && csv.text.contains("wf-acme-00") && !csv.text.contains("wf-acme-03"))
            let lines = try await viewer.get("/runs/export?format=ndjson").text
            #expect(lines.split(separator: "\n").count == 12 && !lines.contains("wf-other"))
            for address in ["format=xml", "format=", "format=csv&state=sideways"] {
                #expect(try await viewer.get("/runs/export?\(address)").status == .badRequest, "\(address)")
            }
            #expect(try await service.get("/runs/export?format=csv", [.accept: "text/html"]).status == .seeOther)
            let head = try await service.send(.head, "/runs/export?format=csv", headers: [.cookie: viewer.cookie])
            #expect(head.status == .ok && head.headers[.contentType]?.hasPrefix("text/csv") == true)
        }
    }
}
