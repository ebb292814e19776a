import Hummingbird
import WorkflowAPI
import WorkflowModel
import WorkflowOperations
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
        let receivers = try await service.stores.alerts.receivers(of: visitor.tenant)
        let page = try await service.stores.alerts.alerts(matching: AlertQuery(of: visitor.tenant, limit: AlertsPage.most))
        let rules = try await service.stores.alerts.configurationAlerts(of: visitor.tenant)
        let silent = SilentRule.all(in: rules, receivers: receivers)
        let view = AlertsPage(
            receivers: receivers, alerts: page.alerts, silent: silent.map { ($0.configuration, $0.receiver) }, for: visitor)
        return .html(service.pages.document(view, for: visitor))
    }

    private func resend(_ call: PageCall) async throws -> Response {
        _ = try await service.api.alertReceivers.resend(call.pathValues.first ?? "", of: call.known().tenant)
        return .seeOther(PageAddress.alerts)
    }

    private func enable(_ call: PageCall) async throws -> Response {
        guard try await service.api.alertReceivers.enable(call.pathValues.first ?? "", of: call.known().tenant) != nil else {
            throw APIError.noSuchReceiver
        }
        return .seeOther(PageAddress.alerts)
    }
}
