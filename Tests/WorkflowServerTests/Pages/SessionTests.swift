import HTTPTypes
import HummingbirdTesting
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowServer
import WorkflowTestKit

@Suite struct SessionTests {
    @Test func whoeverIsNotSignedInIsLedToTheFormAndBack() async throws {
        try await withService { service in
            let page = try await service.get("/runs?state=failed", [.accept: "text/html"])
            #expect(page.status == .seeOther)
            #expect(page.headers[.location] == "/sign-in?next=%2Fruns%3Fstate%3Dfailed")
            #expect(try await service.get("/runs/live", [:]).status == .unauthorized)
            #expect(try await service.get("/", [:]).headers[.location]?.hasPrefix("/sign-in") == true)
            // Another site's link comes without the cookie, once.
            let site = try #require(HTTPField.Name("Sec-Fetch-Site"))
            let refresh = try #require(HTTPField.Name("Refresh"))
            #expect(try await service.get("/runs", [site: "cross-site"]).headers[refresh] == "0")
        }
    }

    @Test func aSessionIsACookieThatOnlyThisHostAndNoScriptCanHave() async throws {
        try await withService { service in
            let (key, secret) = try await service.makeKey(.viewer)
            let form = try await service.get("/sign-in", [:])
            let visit = try #require(form.headers[.setCookie]).prefix { $0 != ";" }
            let token = try #require(BrowserSession.formToken(in: form.text))
            for (next, place) in [
                ("%2Fruns%3Fstate%3Dfailed", "/runs?state=failed"), ("https%3A%2F%2Fevil.example", "/runs"),
                ("%2F%2Fevil.example", "/runs"), ("%2F%5Cevil.example", "/runs"), ("", "/runs"),
            ] {
                let answer = try await service.send(
                    .post, "/sign-in", headers: [.contentType: "application/x-www-form-urlencoded", .cookie: String(visit)],
                    body: "form_token=\(token)&client_id=\(key.id)&client_secret=\(secret)&next=\(next)")
                #expect(answer.status == .seeOther)
                #expect(answer.headers[.location] == place)
                let cookie = try #require(answer.headers[values: .setCookie].first)
                #expect(cookie.hasPrefix("__Host-weir-session="))
                #expect(cookie.hasSuffix("; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=43200"))
            }
        }
    }

    @Test func aSessionEndsWithItsTimeItsKeyAndItsSecret() async throws {
        try await withService { service in
            let (expiring, _) = try await BrowserSession.signedIn(.viewer, on: service)
            let (dropped, droppedKey) = try await BrowserSession.signedIn(.viewer, on: service)
            let (rotated, rotatedKey) = try await BrowserSession.signedIn(.viewer, on: service)
            for browser in [expiring, dropped, rotated] { #expect(try await browser.get("/runs").status == .ok) }
            _ = try await service.store.deleteKey(droppedKey.id, onlyPreviousSecret: false)
            #expect(try await dropped.get("/runs").status == .seeOther)
            _ = try await service.store.rotateKey(rotatedKey.id, secretHash: [1], at: service.clock.now)
            #expect(try await rotated.get("/runs").status == .seeOther)
            service.clock.advance(by: .seconds(12 * 3_600 - 1))
            #expect(try await expiring.get("/runs").status == .ok)
            service.clock.advance(by: .seconds(1))
            #expect(try await expiring.get("/runs").status == .seeOther)
        }
    }

    @Test func aSessionThatWasAlteredIsNone() async throws {
        try await withService { service in
            let (browser, _) = try await BrowserSession.signedIn(.viewer, on: service)
            let value = browser.cookie
            for altered in [
                value + "a", String(value.dropLast()), value.replacing(".", with: ".."), BrowserSession.sessionCookie + "=",
                value + "; " + value,
            ] {
                var other = browser
                other.cookie = altered
                #expect(try await other.get("/runs").status == .seeOther, "\(altered)")
            }
        }
    }

    @Test func aFormWithoutItsTokenChangesNothing() async throws {
        try await withService { service in
            let (browser, _) = try await BrowserSession.signedIn(.admin, on: service)
            let (other, _) = try await BrowserSession.signedIn(.admin, on: service)
            for token in ["", "x", other.formToken] {
                let answer = try await browser.post("/settings/keys", "name=new&policy=viewer", token: token)
                #expect(answer.status == .forbidden)
            }
            #expect(try await service.store.keys(of: nil).count == 2)
            #expect(try await browser.post("/settings/keys", "name=new&policy=viewer").status == .ok)
            #expect(try await service.store.keys(of: nil).count == 3)
        }
    }

    @Test func guessingIsSlowedDownAndSignsNobodyIn() async throws {
        try await withService { service in
            let (key, secret) = try await service.makeKey(.viewer)
            let form = try await service.get("/sign-in", [:])
            let visit = try #require(form.headers[.setCookie]).prefix { $0 != ";" }
            let token = try #require(BrowserSession.formToken(in: form.text))
            func attempt(_ secret: String) async throws -> TestResponse {
                try await service.send(
                    .post, "/sign-in", headers: [.contentType: "application/x-www-form-urlencoded", .cookie: String(visit)],
                    body: "form_token=\(token)&client_id=\(key.id)&client_secret=\(secret)")
            }
            for _ in 0..<10 { #expect(try await attempt("wrong").status == .unauthorized) }
            let refused = try await attempt("wrong")
            #expect(refused.status == .tooManyRequests)
            #expect(refused.headers[.retryAfter] == "60")
            #expect(refused.text.contains("wait 60 s before the next one"))
            // Guessing must not lock the owner of the client id out.
            #expect(try await attempt(secret).status == .seeOther)
            service.clock.advance(by: .seconds(60))
            #expect(try await attempt("wrong").status == .unauthorized)
        }
    }

    @Test func aLinkSignsInOnceAndIsNotUsedUpByLooking() async throws {
        try await withService { service in
            let (key, _) = try await service.makeKey(.operator)
            let now = service.clock.now
            let link = service.links.make(forKey: key.id, lifetime: .seconds(60), at: now, random: service.random)
            let old = service.links.make(forKey: key.id, lifetime: .seconds(30), at: now, random: service.random)
            _ = try await service.get(link, [:])
            let form = try await service.get(link, [:])
            #expect(form.text.contains("as <b>CI</b> of the tenant <b>acme</b>"))
            let visit = try #require(form.headers[.setCookie]).prefix { $0 != ";" }
            let token = try #require(BrowserSession.formToken(in: form.text))
            func follow(_ link: String) async throws -> TestResponse {
                try await service.send(
                    .post, link, headers: [.contentType: "application/x-www-form-urlencoded", .cookie: String(visit)],
                    body: "form_token=\(token)")
            }
            #expect(try await follow(link).headers[.location] == "/runs")
            #expect(try await follow(link).status == .notFound)
            service.clock.advance(by: .seconds(30))
            #expect(try await follow(old).status == .notFound)
            #expect(try await service.get("/sign-in/nothing", [:]).status == .notFound)
        }
    }

    @Test func theLastUseOfAKeyIsKeptAtMostOnceAMinute() async throws {
        let uses = Uses()
        let replacing = { (stores: inout ServerStores) in
            stores.keys = InterceptedKeys(keys: stores.keys) { if $0 == "recordKeyUses" { await uses.add() } }
        }
        try await withService(.live, replacing: replacing) { service in
            let (browser, key) = try await BrowserSession.signedIn(.viewer, on: service)
            for _ in 0..<5 { _ = try await browser.get("/runs") }
            await uses.reach(1)
            service.clock.advance(by: .seconds(60))
            for _ in 0..<5 { _ = try await browser.get("/runs") }
            await uses.reach(2)
            #expect(await uses.count == 2)
            #expect(try await service.store.key(key.id) != nil)
        }
    }
}

/// Counts, and lets a test wait for a number.
private actor Uses {
    var count = 0
    private var waiting: [(Int, CheckedContinuation<Void, Never>)] = []

    func add() {
        count += 1
        for (number, continuation) in waiting where count >= number { continuation.resume() }
        waiting.removeAll { count >= $0.0 }
    }

    func reach(_ number: Int) async {
        guard count < number else { return }
        await withCheckedContinuation { waiting.append((number, $0)) }
    }
}
