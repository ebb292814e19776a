import HTTPTypes
import HummingbirdTesting
import Testing
import WorkflowAPI
import WorkflowModel

/// A browser, as far as the server can tell: it keeps cookies and sends the tokens of forms.
struct BrowserSession: Sendable {
    static let sessionCookie = "__Host-weir-session"

    let service: ServiceUnderTest
    var cookie: String
    var formToken = ""

    /// Signs in with a new key.
    static func signedIn(
        _ policy: AccessPolicy, of tenant: Tenant = ServiceUnderTest.acme, on service: ServiceUnderTest
    ) async throws -> (browser: BrowserSession, key: APIKey) {
        let (key, secret) = try await service.makeKey(policy, of: tenant)
        let form = try await service.get("/sign-in", [:])
        let visit = try #require(form.headers[.setCookie]?.prefix { $0 != ";" }.description)
        let token = try #require(Self.formToken(in: form.text))
        let answer = try await service.send(
            .post, "/sign-in", headers: [.contentType: "application/x-www-form-urlencoded", .cookie: visit],
            body: "form_token=\(token)&client_id=\(key.id)&client_secret=\(secret)&next=%2Fruns")
        try #require(answer.status == .seeOther, "\(answer.text)")
        let cookie = try #require(answer.headers[values: .setCookie].first { $0.hasPrefix(sessionCookie) })
        var browser = BrowserSession(service: service, cookie: cookie.prefix { $0 != ";" }.description)
        browser.formToken = try #require(Self.formToken(in: try await browser.get("/runs").text))
        return (browser, key)
    }

    func get(_ path: String, _ headers: HTTPFields = [:]) async throws -> TestResponse {
        var headers = headers
        headers[.cookie] = cookie
        headers[.accept] = "text/html"
        return try await service.get(path, headers)
    }

    func post(_ path: String, _ fields: String = "", token: String? = nil) async throws -> TestResponse {
        try await service.send(
            .post, path, headers: [.cookie: cookie, .contentType: "application/x-www-form-urlencoded"],
            body: "form_token=\(token ?? formToken)&\(fields)")
    }

    static func formToken(in page: String) -> String? {
        page.split(separator: "name=\"form_token\" value=\"").dropFirst().first.map { String($0.prefix { $0 != "\"" }) }
    }
}
