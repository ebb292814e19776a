import Hummingbird
import WorkflowAPI
import WorkflowModel
import WorkflowOperations
import WorkflowPages

/// Settings › Secrets, for admins. No page has a value.
struct SecretPageRoutes: Sendable {
    let service: PageService

    var routes: [PageRoute] {
        let drop = PageAddress.secrets + "/{name}/delete"
        return [
            PageRoute(.get, PageAddress.secrets, .policy(.admin)) { call in try await list(call) },
            PageRoute(.post, PageAddress.secrets, .policy(.admin)) { call in try await set(call) },
            PageRoute(.get, PageAddress.newSecret, .policy(.admin)) { call in try ask(call) },
            PageRoute(.get, drop, .policy(.admin)) { call in try await confirm(call) },
            PageRoute(.post, drop, .policy(.admin)) { call in try await delete(call) },
        ]
    }

    private func list(_ call: PageCall) async throws -> Response {
        let visitor = try call.known()
        let secrets = try await service.stores.secrets.secrets(of: visitor.tenant)
        return .html(service.pages.document(SecretsPage(secrets, for: visitor), for: visitor))
    }

    private func ask(_ call: PageCall) throws -> Response {
        let visitor = try call.known()
        let name = try call.query.single(PageAddress.secretName) ?? ""
        return .html(service.pages.document(NewSecretPage(name: name.prefix(bytes: NameRule.bytes), for: visitor), for: visitor))
    }

    /// The form is shown again without the value.
    private func set(_ call: PageCall) async throws -> Response {
        let visitor = try call.known()
        let name = try call.field("name")
        do {
            // Browsers send the line breaks of a field as CR and LF.
            let value = try SecretRequest.value(try call.field("value").replacing("\r\n", with: "\n"))
            let principal = Principal(id: visitor.key, name: visitor.name)
            _ = try await service.api.secrets.set(value, as: name, by: principal, of: visitor.tenant)
            return .seeOther(PageAddress.secrets)
        } catch let problem as APIError where [.invalid, .conflict, .unavailable].contains(problem.kind) {
            let page = NewSecretPage(name: name.prefix(bytes: NameRule.bytes), problem: problem.message, for: visitor)
            return .html(service.pages.document(page, for: visitor), status: problem.status)
        }
    }

    private func confirm(_ call: PageCall) async throws -> Response {
        let visitor = try call.known()
        let name = try name(in: call)
        guard try await service.stores.secrets.secrets(of: visitor.tenant).contains(where: { $0.name.isIdentical(to: name) }) else {
            throw Self.noSuchSecret
        }
        return .html(service.pages.document(ConfirmPage.deleteSecret(name, for: visitor), for: visitor))
    }

    /// A secret that someone else has deleted meanwhile is deleted all the same.
    private func delete(_ call: PageCall) async throws -> Response {
        _ = try await service.stores.secrets.deleteSecret(named: name(in: call), of: call.known().tenant)
        return .seeOther(PageAddress.secrets)
    }

    private static let noSuchSecret = APIError(.notFound, "There is no secret with that name.")

    private func name(in call: PageCall) throws(APIError) -> String {
        guard let name = call.pathValues.first, SecretRule.accepts(name: name) else { throw Self.noSuchSecret }
        return name
    }
}
