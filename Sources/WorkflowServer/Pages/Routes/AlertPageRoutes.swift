import Hummingbird
import WorkflowAPI
import WorkflowModel
import WorkflowPages

/// Settings › Alerts.
struct AlertPageRoutes: Sendable {
    let service: PageService

    var routes: [PageRoute] {
        [
            PageRoute(.get, PageAddress.alerts, .policy(.viewer)) { call in try await show(call) },
            PageRoute(.post, PageAddress.alerts + "/{id}/resend", .policy(.operator)) { call in try await resend(call) },
            PageRoute(.post, PageAddress.alerts + "/receivers/{name}/enable", .policy(.admin)) { call in try await enable(call) },
        ]
    }

    private func show(_ call: PageCall) async throws -> Response {
        let visitor = try call.known()
        let receivers = try await service.store.receivers(of: visitor.tenant)
        let page = try await service.store.alerts(of: visitor.tenant, in: nil, from: nil, limit: AlertsPage.most)
        let rules = try await service.store.configurationAlerts(of: visitor.tenant)
        let silent = SilentRule.all(in: rules, receivers: receivers)
        let view = AlertsPage(
            receivers: receivers, alerts: page.alerts, silent: silent.map { ($0.configuration, $0.receiver) }, for: visitor)
        return .html(service.pages.document(view, for: visitor))
    }

    private func resend(_ call: PageCall) async throws -> Response {
        _ = try await service.api.office.resend(call.pathValues.first ?? "", of: call.known().tenant)
        return .seeOther(PageAddress.alerts)
    }

    private func enable(_ call: PageCall) async throws -> Response {
        guard try await service.api.office.enable(call.pathValues.first ?? "", of: call.known().tenant) != nil else {
            throw APIError(.notFound, "There is no receiver with that name.")
        }
        return .seeOther(PageAddress.alerts)
    }
}
