import HTTPTypes
import HummingbirdTesting
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowTestKit

@Suite("Receivers in the pages")
struct ReceiverPageTests {
    private static let form = "name=ops&kind=webhook&url=https://hooks.example/T/secret&on=failed&on=slow&attribution=platform"

    @Test("are added with their secret shown once, edited without their address, rotated, tested and deleted")
    func life() async throws {
        try await withService { service in
            let (browser, _) = try await BrowserSession.signedIn(.admin, on: service)
            func stored() async throws -> AlertReceiver? { try await service.store.receivers(of: ServiceUnderTest.acme).first }
            #expect(try await browser.get("/settings/alerts").text.contains("No receivers yet"))
            let blank = try await browser.get("/settings/alerts/receivers/new").text
            #expect(blank.contains("name=\"form_token\"") && blank.contains("value=\"failed\" checked"))

            let made = try await browser.post(
                "/settings/alerts/receivers", Self.form + "&types=a.b%0D%0Ac.d&configurations=cg-daily")
            let added = try #require(try await stored())
            #expect(made.status == .ok && made.text.contains(WebhookSecret.text(added.secret)))
            #expect(
                added.rule
                    == AlertRule(
                        events: [.failed, .slow], attribution: .platform, types: ["a.b", "c.d"], configurations: ["cg-daily"]))

            let form = try await browser.get("/settings/alerts/receivers/ops/edit").text
            #expect(form.contains("Empty keeps https://hooks.example/…") && !form.contains("T/secret") && !form.contains("whsec_"))
            #expect(
                form.contains("value=\"slow\" checked") && !form.contains("value=\"stopped\" checked") && form.contains("a.b\nc.d"))
            let kept = try await browser.post("/settings/alerts/receivers/ops/edit", "kind=slack&url=&on=stopped")
            #expect(kept.status == .seeOther && kept.headers[.location] == "/settings/alerts")
            let edited = try #require(try await stored())
            #expect(edited.url == added.url && edited.kind == .slack && edited.rule == AlertRule(events: [.stopped]))
            #expect(edited.secret == added.secret)

            #expect(try await browser.get("/settings/alerts/receivers/ops/rotate").text.contains("24 hours"))
            let rotated = try await browser.post("/settings/alerts/receivers/ops/rotate")
            #expect(rotated.text.contains(WebhookSecret.text(try #require(try await stored()).secret)))
            // The service of this test sends no alerts, and says so.
            let tested = try await browser.post("/settings/alerts/receivers/ops/test")
            #expect(
                tested.status == .ok && tested.text.contains("did not accept the test") && tested.text.contains("sends no alerts"))

            #expect(try await browser.get("/settings/alerts/receivers/ops/delete").text.contains("Delete the receiver ops?"))
            #expect(try await browser.post("/settings/alerts/receivers/ops/delete").status == .seeOther)
            #expect(try await stored() == nil)
            for path in ["edit", "rotate", "delete"] {
                #expect(try await browser.get("/settings/alerts/receivers/ops/\(path)").status == .notFound, "\(path)")
            }
        }
    }

    @Test(
        "refuse a form in words, keep its fields and change nothing",
        arguments: [
            ("name=Ops&kind=webhook&url=https://hooks.example/x", HTTPResponse.Status.badRequest, "lower-case"),
            ("name=ops&kind=mail&url=https://hooks.example/x", .badRequest, "webhook, slack"),
            ("name=ops&kind=webhook&url=https://hooks.example/x&on=failing", .badRequest, "failed, succeeded"),
            ("name=ops&kind=webhook&url=https://hooks.example/x&attribution=me", .badRequest, "customer, platform"),
            ("name=ops&kind=webhook&url=", .badRequest, "https://"),
            ("name=ops&kind=webhook&url=https://127.0.0.1/", .badRequest, "--alerts-allow"),
            ("name=chat&kind=webhook&url=https://hooks.example/x", .conflict, "exists already"),
        ])
    func refusals(form: String, status: HTTPResponse.Status, said: String) async throws {
        try await withService { service in
            let (browser, _) = try await BrowserSession.signedIn(.admin, on: service)
            _ = try await browser.post("/settings/alerts/receivers", "name=chat&kind=slack&url=https://hooks.example/chat")
            let before = try await service.store.receivers(of: ServiceUnderTest.acme)
            let refused = try await browser.post("/settings/alerts/receivers", form)
            #expect(
                refused.status == status && refused.text.contains("role=\"alert\"") && refused.text.contains(said),
                "\(refused.text)")
            #expect(try await service.store.receivers(of: ServiceUnderTest.acme) == before)
        }
    }

    @Test("are for admins, and their forms need the token of the session")
    func access() async throws {
        try await withService { service in
            let (admin, _) = try await BrowserSession.signedIn(.admin, on: service)
            let (worker, _) = try await BrowserSession.signedIn(.operator, on: service)
            _ = try await admin.post("/settings/alerts/receivers", Self.form)
            let seen = try await worker.get("/settings/alerts").text
            #expect(seen.contains("ops") && !seen.contains("Add receiver") && !seen.contains("/edit") && !seen.contains("/test"))
            for path in ["new", "ops/edit", "ops/rotate", "ops/delete"] {
                #expect(try await worker.get("/settings/alerts/receivers/" + path).status == .forbidden, "\(path)")
            }
            for path in ["/ops/edit", "/ops/test", "/ops/rotate", "/ops/delete", ""] {
                #expect(try await worker.post("/settings/alerts/receivers" + path, Self.form).status == .forbidden, "\(path)")
                #expect(
                    try await admin.post("/settings/alerts/receivers" + path, Self.form, token: "x").status == .forbidden, "\(path)"
                )
            }
            #expect(try await service.store.receivers(of: ServiceUnderTest.acme).count == 1)
        }
    }
}
