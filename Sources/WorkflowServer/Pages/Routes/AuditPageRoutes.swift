import Hummingbird
import WorkflowAPI
import WorkflowModel
import WorkflowPages

/// Settings › Audit, for admins.
struct AuditPageRoutes: Sendable {
    let service: PageService

    var routes: [PageRoute] {
        [PageRoute(.get, PageAddress.audit, .policy(.admin)) { call in try await show(call) }]
    }

    private func show(_ call: PageCall) async throws -> Response {
        let visitor = try call.known()
        let filter = AuditFilter(
            from: try call.parameter(AuditFilter.fromName) ?? "", to: try call.parameter(AuditFilter.toName) ?? "",
            type: try call.parameter(AuditFilter.typeName) ?? "", principal: try call.parameter(AuditFilter.principalName) ?? "")
        let token = try call.parameter(AuditFilter.nextName)
        do {
            let query = try Self.query(filter, token: token, tenant: visitor.tenant, sealer: service.api.pageTokens)
            let events = try await service.stores.audit.auditEvents(matching: query)
            let page = AuditLogPage(
                events, filter: filter, isFirst: token == nil,
                next: events.next.map { service.api.pageTokens.seal($0, of: query) }, for: visitor)
            return .html(service.pages.document(page, for: visitor))
        } catch let problem as APIError where problem.kind == .invalid {
            let page = AuditLogPage(
                AuditEventPage(), filter: filter, isFirst: true, next: nil, problem: problem.message, for: visitor)
            return .html(service.pages.document(page, for: visitor), status: .badRequest)
        }
    }

    private static func query(
        _ filter: AuditFilter, token: String?, tenant: Tenant, sealer: PageTokenSealer
    ) throws(APIError) -> AuditQuery {
        func instant(_ text: String, _ name: String) throws(APIError) -> Timestamp? {
            guard !text.isEmpty else { return nil }
            guard let instant = Timestamp(iso8601: text) else {
                throw .invalid("\(name) is not a date; one looks like 2024-04-01T09:30.")
            }
            return instant
        }
        let window = TimeWindow(from: try instant(filter.from, "From"), to: try instant(filter.to, "To"))
        if let from = window.from, let to = window.to, to < from { throw .invalid("To is before From.") }
        if !filter.type.isEmpty, AuditEventType(rawValue: filter.type) == nil { throw .invalid("Choose one of the events.") }
        var query = AuditQuery(
            of: tenant, window: window, type: filter.type.isEmpty ? nil : filter.type,
            principal: filter.principal.isEmpty ? nil : filter.principal, limit: AuditLogPage.most)
        if let token {
            guard let place = sealer.open(token, of: query) else {
                throw .invalid("This page belongs to other filters. Begin with the newest events.")
            }
            query.place = place
        }
        return query
    }
}
