import HTTPTypes
import HummingbirdTesting
import Testing
import WorkflowModel
import WorkflowPages
import WorkflowTestKit

@testable import WorkflowServer

@Suite("The palette and the display of a browser") struct PalettePageTests {
    @Test("it finds workflows and runs of its own tenant only")
    func tenants() async throws {
        try await withService { service in
            let (mine, _) = try await BrowserSession.signedIn(.operator, on: service)
            let (other, _) = try await BrowserSession.signedIn(.operator, of: #require(Tenant("globex")), on: service)
            let headers = try await service.headers(.admin)
            _ = try await service.save(ServiceUnderTest.configuration(), as: "cg-daily", headers)
            let run = try await service.startedRun(headers)
            #expect(try await mine.get("/go?q=\(run)").text.contains("href=\"/runs/\(run)\""))
            #expect(try await !other.get("/go?q=\(run)").text.contains("href=\"/runs/\(run)\""))
        }
    }

    @Test("a text as long as the limit is looked for, a longer one is refused")
    func length() async throws {
        try await withService { service in
            let (browser, _) = try await BrowserSession.signedIn(.viewer, on: service)
            #expect(try await browser.get("/go?q=" + String(repeating: "a", count: 100)).status == .ok)
            let answer = try await browser.get("/go?q=" + String(repeating: "a", count: 101))
            #expect(answer.status == .badRequest && answer.text.contains("The text is longer than 100 characters."))
        }
    }

    @Test("a choice is kept in a cookie and leads back to the page")
    func display() async throws {
        try await withService { service in
            let (browser, _) = try await BrowserSession.signedIn(.viewer, on: service)
            let answer = try await browser.get("/display?theme=dark&zone=utc&next=%2Fworkflows")
            #expect(answer.status == .seeOther && answer.headers[.location] == "/workflows")
            let cookie = try #require(answer.headers[.setCookie])
            #expect(cookie.hasPrefix("__Host-weir-display=dark.utc;") && cookie.contains("Max-Age=31536000"))
            let columns = DisplayChoice.Column.allCases.filter { $0 != .type }.map { "&column=\($0.rawValue)" }.joined()
            let chosen = try await browser.get("/display?theme=dark&zone=utc&columns=chosen\(columns)")
            #expect(chosen.headers[.setCookie]?.hasPrefix("__Host-weir-display=dark.utc.type;") == true)
            #expect(try await browser.get("/display?theme=dark&zone=utc&column=none").status == .badRequest)
            var dark = browser
            dark.cookie += "; __Host-weir-display=dark.utc"
            #expect(try await dark.get("/runs").text.contains("data-theme=\"dark\" data-times=\"UTC\""))
            #expect(try await browser.get("/display?theme=dark&zone=utc&next=//evil.example").headers[.location] == "/runs")
        }
    }

    @Test("an unknown theme is refused with the accepted ones")
    func unknown() async throws {
        try await withService { service in
            let (browser, _) = try await BrowserSession.signedIn(.viewer, on: service)
            let answer = try await browser.get("/display?theme=pink&zone=utc")
            #expect(answer.status == .badRequest && answer.headers[.setCookie] == nil)
            #expect(answer.text.contains("Unknown theme &quot;pink&quot;. Accepted: system, light, dark."))
        }
    }
}
