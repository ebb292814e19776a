import HTTPTypes
import HummingbirdTesting
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowServer
import WorkflowTestKit

@Suite("Pages: a token of a key")
struct TokenPageTests {
    private static func shown(_ id: String, in page: String) -> String? {
        page.split(separator: "id=\"\(id)\">").dropFirst().first.map { String($0.prefix { $0 != "<" }) }
    }

    @Test("is asked for with a number of days and shown once, in an answer that nothing keeps")
    func token() async throws {
        try await withService { service in
            let (browser, _) = try await BrowserSession.signedIn(.admin, on: service)
            let (key, _) = try await service.makeKey(.viewer)
            let form = try await browser.get("/settings/keys/\(key.id)/token")
            #expect(form.status == .ok && form.text.contains("name=\"days\""))
            #expect(try await browser.get("/settings/keys").text.contains("/settings/keys/\(key.id)/token"))
            let answer = try await browser.post("/settings/keys/\(key.id)/token", "days=90")
            #expect(answer.status == .ok && answer.headers[.cacheControl] == "no-store")
            #expect(Self.shown("client-secret", in: answer.text) == nil)
            let token = ServiceUnderTest.headers(token: try #require(Self.shown("access-token", in: answer.text)))
            service.clock.advance(by: .seconds(90 * 86_400 - 1))
            #expect(try await service.get(Paths.runs, token).status == .ok)
            service.clock.advance(by: .seconds(1))
            #expect(try await service.get(Paths.runs, token).status == .unauthorized)
            #expect(try await service.store.key(key.id)?.secretNumber == 1)
        }
    }

    @Test("with a rotation the token is of the new secret, which is shown too; older tokens have 30 days left")
    func rotation() async throws {
        try await withService { service in
            let (browser, _) = try await BrowserSession.signedIn(.admin, on: service)
            let (key, _) = try await service.makeKey(.viewer)
            let first = try await browser.post("/settings/keys/\(key.id)/token", "days=365")
            let old = ServiceUnderTest.headers(token: try #require(Self.shown("access-token", in: first.text)))
            let answer = try await browser.post("/settings/keys/\(key.id)/token", "days=365&rotate=true")
            let secret = try #require(Self.shown("client-secret", in: answer.text))
            #expect(try await !service.token(for: (key, secret)).isEmpty)
            let new = ServiceUnderTest.headers(token: try #require(Self.shown("access-token", in: answer.text)))
            for token in [old, new] { #expect(try await service.get(Paths.runs, token).status == .ok) }
            service.clock.advance(by: .seconds(30 * 86_400))
            #expect(try await service.get(Paths.runs, old).status == .unauthorized)
            #expect(try await service.get(Paths.runs, new).status == .ok)
        }
    }

    @Test("a number of days that cannot be rotates nothing, and a form from elsewhere does nothing")
    func refusals() async throws {
        try await withService { service in
            let (browser, own) = try await BrowserSession.signedIn(.admin, on: service)
            for days in ["", "0", "366", "-1", "1.5", "ten", "99999999999999999999", "%00"] {
                let answer = try await browser.post("/settings/keys/\(own.id)/token", "days=\(days)&rotate=true")
                #expect(answer.status == .badRequest, "\(days)")
            }
            let forged = try await browser.post("/settings/keys/\(own.id)/token", "days=5&rotate=true", token: "nope")
            #expect(forged.status == .forbidden)
            #expect(try await service.store.key(own.id)?.secretNumber == 1)
            // The session that rotates its own key goes on with a cookie of the new secret.
            let rotated = try await browser.post("/settings/keys/\(own.id)/token", "days=5&rotate=true")
            #expect(rotated.status == .ok && rotated.headers[.setCookie]?.hasPrefix(BrowserSession.sessionCookie) == true)
        }
    }

    @Test("only an admin gets tokens here, and an issuer has no pages")
    func policies() async throws {
        try await withService { service in
            let (key, _) = try await service.makeKey(.viewer)
            for policy in [AccessPolicy.viewer, .operator] {
                let (browser, _) = try await BrowserSession.signedIn(policy, on: service)
                #expect(try await browser.get("/settings/keys/\(key.id)/token").status == .forbidden)
                #expect(try await browser.post("/settings/keys/\(key.id)/token", "days=5").status == .forbidden)
            }
            let (issuer, secret) = try await service.makeKey(.issuer)
            let form = try await service.get("/sign-in", [:])
            let visit = try #require(form.headers[.setCookie]?.prefix { $0 != ";" }.description)
            let token = try #require(BrowserSession.formToken(in: form.text))
            let answer = try await service.send(
                .post, "/sign-in", headers: [.contentType: "application/x-www-form-urlencoded", .cookie: visit],
                body: "form_token=\(token)&client_id=\(issuer.id)&client_secret=\(secret)")
            #expect(answer.status == .forbidden && answer.text.contains("policy issuer"))
            #expect(answer.headers[.setCookie] == nil)
        }
    }
}
