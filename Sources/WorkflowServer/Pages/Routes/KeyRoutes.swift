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
            PageRoute(.get, key + "/rotate", .policy(.admin)) { call in try await confirm(call, ConfirmPage.rotate) },
            PageRoute(.post, key + "/rotate", .policy(.admin)) { call in try await rotate(call) },
            PageRoute(.get, key + "/drop", .policy(.admin)) { call in try await confirm(call, ConfirmPage.drop) },
            PageRoute(.post, key + "/drop", .policy(.admin)) { call in try await drop(call) },
        ]
    }

    private func list(_ call: PageCall) async throws -> Response {
        let visitor = try call.known()
        let keys = try await service.store.keysOfAllTenants(only: visitor.tenant)
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
            let problem = policy == nil ? "Choose one of the policies." : "The name has to be \(NewAPIKey.nameRule)."
            let page = NewKeyPage(name: String(name.prefix(200)), policy: policy ?? .viewer, problem: problem, for: visitor)
            return .html(service.pages.document(page, for: visitor), status: .badRequest)
        }
        let (key, secret) = NewAPIKey.make(
            tenant: visitor.tenant, name: name, policy: policy, at: service.now, random: service.api.random)
        try await service.store.createKey(key)
        return .html(service.pages.document(SecretPage(key, secret: secret, isRotation: false), for: visitor))
    }

    private func confirm(_ call: PageCall, _ page: (APIKey, Visitor) -> ConfirmPage) async throws -> Response {
        let visitor = try call.known()
        return .html(service.pages.document(page(try await key(of: call), visitor), for: visitor))
    }

    private func rotate(_ call: PageCall) async throws -> Response {
        let visitor = try call.known()
        let secret = NewAPIKey.makeSecret(random: service.api.random)
        let rotated = try await service.store.rotateKeyOfAnyTenant(
            try await key(of: call).id, secretHash: SecretHash.of(secret), at: service.now)
        guard let rotated else { throw Self.noSuchKey }
        var headers = HTTPFields()
        if rotated.id == visitor.key {
            // Whoever rotates their own key stays signed in: with the new secret, in this browser alone.
            headers[.setCookie] = Cookies.setting(
                Cookies.session, to: service.newSession(for: rotated), for: service.api.settings.sessionLifetime)
        }
        return .html(
            service.pages.document(SecretPage(rotated, secret: secret, isRotation: true), for: visitor), headers: headers)
    }

    private func drop(_ call: PageCall) async throws -> Response {
        let key = try await key(of: call)
        let onlyDeposed = try call.field("only") == "deposed"
        _ = try await service.store.dropKeyOfAnyTenant(key.id, onlyDeposed: onlyDeposed)
        return .seeOther(PageAddress.keys)
    }

    private static let noSuchKey = APIError(.notFound, "There is no such key.")

    /// The same answer for a key that is not there and for another tenant's.
    private func key(of call: PageCall) async throws -> APIKey {
        let tenant = try call.known().tenant
        guard let id = call.pathValues.first, let key = try await service.store.keyOfAnyTenant(id), key.tenant == tenant else {
            throw Self.noSuchKey
        }
        return key
    }
}
