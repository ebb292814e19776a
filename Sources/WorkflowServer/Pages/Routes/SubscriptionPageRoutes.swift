import Hummingbird
import WorkflowAPI
import WorkflowModel
import WorkflowPages

/// The forms that have a receiver told of a run's end, or no longer.
struct SubscriptionPageRoutes: Sendable {
    let service: PageService

    var routes: [PageRoute] {
        let path = PageAddress.history + "/{id}/subscriptions"
        return [
            PageRoute(.post, path, .policy(.operator)) { call in try await subscribe(call) },
            PageRoute(.post, path + "/{receiver}/remove", .policy(.operator)) { call in try await unsubscribe(call) },
        ]
    }

    private func subscribe(_ call: PageCall) async throws -> Response {
        let (id, visitor) = (try call.runID(), try call.known())
        _ = try await service.api.subscribe(
            try call.field("receiver"), to: id, by: Principal(id: visitor.key, name: visitor.name), of: visitor.tenant)
        return .seeOther(PageAddress.run(id) + "#subscriptions")
    }

    private func unsubscribe(_ call: PageCall) async throws -> Response {
        let (id, visitor) = (try call.runID(), try call.known())
        try await service.api.unsubscribe(call.pathValues.last ?? "", from: id, of: visitor.tenant)
        return .seeOther(PageAddress.run(id))
    }
}
