import HTTPTypes
import Hummingbird
import WorkflowAPI
import WorkflowModel
import WorkflowPages

/// Signing in and out.
struct SignInRoutes: Sendable {
    let service: PageService

    var routes: [PageRoute] {
        [
            PageRoute(.get, PageAddress.root, .policy(.viewer)) { _ in .seeOther(PageAddress.history) },
            PageRoute(.get, PageAddress.signIn, .open) { call in try await form(call) },
            PageRoute(.post, PageAddress.signIn, .open) { call in try await signIn(call) },
            PageRoute(.get, PageAddress.signIn + "/{link}", .open) { call in try await offer(call) },
            PageRoute(.post, PageAddress.signIn + "/{link}", .open) { call in try await follow(call) },
            PageRoute(.post, PageAddress.signOut, .policy(.viewer)) { call in try await signOut(call) },
        ]
    }

    private func form(_ call: PageCall) async throws -> Response {
        let next = Self.place(try call.parameter("next"))
        if try await service.visitor(of: call.session) != nil { return .seeOther(next) }
        return page(call) { SignInPage(formToken: $0, next: next) }
    }

    private func signIn(_ call: PageCall) async throws -> Response {
        let id = try call.field("client_id").filter { !$0.isWhitespace }
        let secret = try call.field("client_secret").filter { !$0.isWhitespace }
        let next = Self.place(try call.field("next"))
        let key = try await service.stores.keys.key(id)
        if let key, SecretHash.matches(secret, key.secretHash) {
            guard key.policy.includes(.viewer) else {
                try await service.api.recordRefusal(.signInFailed, of: key, from: call.origin(session: nil))
                return page(call, status: .forbidden) {
                    SignInPage(
                        formToken: $0, clientID: String(id.prefix(128)), next: next,
                        problem: "This key has the policy \(key.policy.rawValue), which has no pages; sign in with another key.")
                }
            }
            return try await begin(key, then: next, call)
        }
        if let key { try await service.api.recordRefusal(.signInFailed, of: key, from: call.origin(session: nil)) }
        let problem = "Unknown client id or wrong secret."
        guard let wait = service.signIns.fail(key: id, address: call.address, at: service.now) else {
            return page(call, status: .unauthorized) {
                SignInPage(formToken: $0, clientID: String(id.prefix(128)), next: next, problem: problem)
            }
        }
        let seconds = max(1, wait.milliseconds / 1_000)
        return page(call, status: .tooManyRequests, headers: [.retryAfter: String(seconds)]) {
            SignInPage(
                formToken: $0, clientID: String(id.prefix(128)), next: next,
                problem: problem + " Too many attempts have failed; wait \(seconds) s before the next one.")
        }
    }

    /// A GET does not use the link up: programs prefetch links.
    private func offer(_ call: PageCall) async throws -> Response {
        guard let token = call.pathValues.first, let id = service.links.key(of: token, at: service.now),
            let key = try await service.stores.keys.key(id)
        else { return expired(call) }
        return page(call) { SignInPage(formToken: $0, link: token, for: key) }
    }

    private func follow(_ call: PageCall) async throws -> Response {
        guard let token = call.pathValues.first, let id = service.links.use(token, at: service.now),
            let key = try await service.stores.keys.key(id)
        else { return expired(call) }
        return try await begin(key, then: PageAddress.history, call)
    }

    private func expired(_ call: PageCall) -> Response {
        page(call, status: .notFound) {
            SignInPage(
                formToken: $0, next: PageAddress.history, problem: "This link was used already or has expired; ask for another one."
            )
        }
    }

    private func begin(_ key: APIKey, then next: String, _ call: PageCall) async throws -> Response {
        service.api.keyUses.note(key, at: service.now)
        let session = service.newSession(for: key)
        try await service.api.record(
            .signedIn, about: key, by: key.principal, from: call.origin(session: Sessions.auditName(of: session)))
        var headers = HTTPFields()
        headers.append(
            HTTPField(
                name: .setCookie, value: Cookies.setting(Cookies.session, to: session, for: service.api.settings.sessionLifetime)))
        headers.append(HTTPField(name: .setCookie, value: Cookies.removing(Cookies.visit)))
        return .seeOther(next, headers: headers)
    }

    private func signOut(_ call: PageCall) async throws -> Response {
        let visitor = try call.known()
        if let key = try await service.stores.keys.key(visitor.key) {
            try await service.api.record(
                .signedOut, about: key, by: key.principal, from: call.origin(session: Sessions.auditName(of: call.session)))
        }
        return .seeOther(PageAddress.signIn, headers: [.setCookie: Cookies.removing(Cookies.session)])
    }

    /// A page with a form for a browser without a session.
    private func page(
        _ call: PageCall, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:], _ make: (String) -> SignInPage
    ) -> Response {
        var headers = headers
        let known = Cookies.value(of: Cookies.visit, in: call.headers).flatMap { $0.utf8.count <= 64 ? $0 : nil }
        let visit = known ?? Base64URL.encode(service.api.random.bytes(18))
        if known == nil { headers[.setCookie] = Cookies.setting(Cookies.visit, to: visit, for: nil) }
        let token = service.sessions.formToken(forVisit: visit)
        return .html(service.pages.document(make(token), for: nil), status: status, headers: headers)
    }

    /// The page to open after signing in: only one of this service.
    static func place(_ wanted: String?) -> String {
        guard let wanted, wanted.hasPrefix("/"), !wanted.hasPrefix("//"), !wanted.hasPrefix("/\\"), !wanted.hasPrefix("/sign-"),
            wanted.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { return PageAddress.history }
        return wanted
    }
}
