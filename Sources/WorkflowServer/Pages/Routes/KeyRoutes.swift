import HTTPTypes
import Hummingbird
import WorkflowAPI
import WorkflowModel
import WorkflowPages

/// Settings › API keys, for admins.
struct KeyRoutes: Sendable {
    let service: PageService

    var routes: [PageRoute] {
        let key = PageAddress.keys + "/{id}"
        return [
            PageRoute(.get, PageAddress.keys, .policy(.admin)) { call in try await list(call) },
            PageRoute(.post, PageAddress.keys, .policy(.admin)) { call in try await make(call) },
            PageRoute(.get, PageAddress.keys + "/new", .policy(.admin)) { call in try ask(call) },
            PageRoute(.get, key + "/token", .policy(.admin)) { call in try await askForToken(call) },
            PageRoute(.post, key + "/token", .policy(.admin)) { call in try await getToken(call) },
            PageRoute(.get, key + "/rotate", .policy(.admin)) { call in try await confirm(call, ConfirmPage.rotate) },
            PageRoute(.post, key + "/rotate", .policy(.admin)) { call in try await rotate(call) },
            PageRoute(.get, key + "/drop", .policy(.admin)) { call in try await confirm(call, ConfirmPage.drop) },
            PageRoute(.post, key + "/drop", .policy(.admin)) { call in try await drop(call) },
        ]
    }

    private func list(_ call: PageCall) async throws -> Response {
        let visitor = try call.known()
        let keys = try await service.stores.keys.keys(of: visitor.tenant)
        return .html(service.pages.document(KeysPage(keys, for: visitor, at: service.now), for: visitor))
    }

    private func ask(_ call: PageCall) throws -> Response {
        let visitor = try call.known()
        return .html(service.pages.document(NewKeyPage(for: visitor), for: visitor))
    }

    private func make(_ call: PageCall) async throws -> Response {
        let visitor = try call.known()
        let name = try call.field("name")
        let policy = AccessPolicy(rawValue: try call.field("policy"))
        guard let policy, NewAPIKey.isName(name) else {
            let problem = policy == nil ? "Choose one of the policies." : "The name must be \(NewAPIKey.nameRule)."
            let page = NewKeyPage(
                name: name.prefix(bytes: NameRule.bytes), policy: policy ?? .viewer, problem: problem, for: visitor)
            return .html(service.pages.document(page, for: visitor), status: .badRequest)
        }
        let (key, secret) = NewAPIKey.make(
            tenant: visitor.tenant, name: name, policy: policy, at: service.now, random: service.api.random)
        try await service.stores.keys.createKey(key)
        return .html(service.pages.document(SecretPage(key, secret: secret, isRotation: false), for: visitor))
    }

    private func confirm(_ call: PageCall, _ page: (APIKey, Visitor) -> ConfirmPage) async throws -> Response {
        let visitor = try call.known()
        return .html(service.pages.document(page(try await key(of: call), visitor), for: visitor))
    }

    private func rotate(_ call: PageCall) async throws -> Response {
        let visitor = try call.known()
        let rotated = try await rotate(try await key(of: call), for: visitor)
        return .html(
            service.pages.document(SecretPage(rotated.key, secret: rotated.secret, isRotation: true), for: visitor),
            headers: rotated.headers)
    }

    /// - Returns: the key with its new secret, and a cookie for a visitor signed in with that key: the session continues with the
    ///   new secret, in this browser only.
    private func rotate(_ key: APIKey, for visitor: Visitor) async throws -> (key: APIKey, secret: String, headers: HTTPFields) {
        let secret = NewAPIKey.makeSecret(random: service.api.random)
        guard
            let rotated = try await service.stores.keys.rotateKey(
                key.id, secretHash: SecretHash.of(secret), at: service.now)
        else { throw Self.noSuchKey }
        var headers = HTTPFields()
        if rotated.id == visitor.key {
            headers[.setCookie] = Cookies.setting(
                Cookies.session, to: service.newSession(for: rotated), for: service.api.settings.sessionLifetime)
        }
        return (rotated, secret, headers)
    }

    private func askForToken(_ call: PageCall) async throws -> Response {
        let visitor = try call.known()
        let page = TokenFormPage(try await key(of: call), most: IssueRequest.mostDays, for: visitor)
        return .html(service.pages.document(page, for: visitor))
    }

    /// The form is checked before the rotation.
    private func getToken(_ call: PageCall) async throws -> Response {
        let visitor = try call.known()
        var key = try await key(of: call)
        let (text, rotates) = (try call.field("days"), try call.field("rotate") == "true")
        guard let days = Int(text), (1...IssueRequest.mostDays).contains(days) else {
            let page = TokenFormPage(
                key, days: String(text.prefix(20)), most: IssueRequest.mostDays, rotate: rotates,
                problem: "The number of days must be from 1 to \(IssueRequest.mostDays).", for: visitor)
            return .html(service.pages.document(page, for: visitor), status: .badRequest)
        }
        var secret: String?
        var headers = HTTPFields()
        if rotates { (key, secret, headers) = try await rotate(key, for: visitor) }
        let now = service.now
        let end = now + .seconds(days * 86_400)
        let answer = try await service.api.tokens.sign(for: key, at: now, until: end, random: service.api.random)
        try await service.api.record(
            .tokenIssued, about: key, by: Principal(id: visitor.key, name: visitor.name),
            from: call.origin(session: Sessions.auditName(of: call.session)))
        let page = TokenPage(key, token: answer.accessToken, expiresAt: answer.expiresAt ?? end, secret: secret)
        return .html(service.pages.document(page, for: visitor), headers: headers)
    }

    private func drop(_ call: PageCall) async throws -> Response {
        let key = try await key(of: call)
        let onlyPreviousSecret = try call.field("only") == "previous"
        _ = try await service.stores.keys.deleteKey(key.id, onlyPreviousSecret: onlyPreviousSecret)
        return .seeOther(PageAddress.keys)
    }

    private static let noSuchKey = APIError(.notFound, "There is no API key with that id.")

    /// The same answer for an unknown key and for another tenant's.
    private func key(of call: PageCall) async throws -> APIKey {
        let tenant = try call.known().tenant
        guard let id = call.pathValues.first, let key = try await service.stores.keys.key(id), key.tenant == tenant
        else {
            throw Self.noSuchKey
        }
        return key
    }
}
