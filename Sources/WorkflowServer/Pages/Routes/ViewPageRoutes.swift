import Hummingbird
import WorkflowAPI
import WorkflowModel
import WorkflowOperations
import WorkflowPages

/// Saved views: their list, the form that saves one, and their deletion.
struct ViewPageRoutes: Sendable {
    let service: PageService

    var routes: [PageRoute] {
        let drop = PageAddress.views + "/{name}/delete"
        return [
            PageRoute(.get, PageAddress.views, .policy(.viewer)) { call in try await list(call) },
            PageRoute(.post, PageAddress.views, .policy(.operator)) { call in try await save(call) },
            PageRoute(.get, PageAddress.newView, .policy(.operator)) { call in try ask(call) },
            PageRoute(.get, drop, .policy(.operator)) { call in try await confirm(call) },
            PageRoute(.post, drop, .policy(.operator)) { call in try await delete(call) },
        ]
    }

    private func list(_ call: PageCall) async throws -> Response {
        let visitor = try call.known()
        let views = try await service.stores.views.views(of: visitor.tenant)
        return .html(service.pages.document(ViewsPage(views, for: visitor, at: service.now), for: visitor))
    }

    private func ask(_ call: PageCall) throws -> Response {
        let visitor = try call.known()
        let search = try call.query.single(PageAddress.searchText) ?? ""
        return .html(service.pages.document(NewViewPage(search: search, for: visitor, at: service.now), for: visitor))
    }

    /// A view of the same name is replaced only when the form says its name, because it belongs to everyone.
    private func save(_ call: PageCall) async throws -> Response {
        let visitor = try call.known()
        let (name, search) = (try call.field("name"), try call.field("search"))
        let replaced = try call.field("replace")
        func answer(_ problem: String, replaces: Bool) -> Response {
            let page = NewViewPage(
                name: name.prefix(bytes: NameRule.bytes), search: search, problem: problem, replaces: replaces, for: visitor,
                at: service.now)
            return .html(service.pages.document(page, for: visitor), status: replaces ? .conflict : .badRequest)
        }
        if NameRule.problem(with: name) == nil, !name.isIdentical(to: replaced),
            let old = try await service.stores.views.view(named: name, of: visitor.tenant), !old.search.isIdentical(to: search)
        {
            return answer(
                "\(old.savedBy.name) has saved another search under this name. Replace it, or choose another name.", replaces: true)
        }
        do {
            let principal = Principal(id: visitor.key, name: visitor.name)
            let saved = try await service.api.views.save(search, as: name, by: principal, of: visitor.tenant)
            return .seeOther(saved.view.address(at: service.now))
        } catch let problem as APIError where problem.kind == .invalid || problem.kind == .conflict {
            return answer(problem.message, replaces: false)
        }
    }

    private func confirm(_ call: PageCall) async throws -> Response {
        let visitor = try call.known()
        let name = try name(in: call)
        guard let view = try await service.stores.views.view(named: name, of: visitor.tenant) else { throw Self.noSuchView(name) }
        return .html(service.pages.document(ConfirmPage.dropView(view, for: visitor), for: visitor))
    }

    /// A view that someone else has deleted meanwhile is deleted all the same.
    private func delete(_ call: PageCall) async throws -> Response {
        _ = try await service.stores.views.deleteView(named: name(in: call), of: call.known().tenant)
        return .seeOther(PageAddress.views)
    }

    private static func noSuchView(_ name: String) -> APIError {
        APIError(.notFound, "There is no saved view \(name.quoted).")
    }

    private func name(in call: PageCall) throws(APIError) -> String {
        let name = call.pathValues.first ?? ""
        guard NameRule.problem(with: name) == nil else { throw Self.noSuchView(name) }
        return name
    }
}
