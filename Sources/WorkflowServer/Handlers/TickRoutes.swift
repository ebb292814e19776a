import HTTPTypes
import Hummingbird
import WorkflowAPI
import WorkflowModel

/// Ticks of schedules and their outcomes: an addition to the contract.
struct TickRoutes: Sendable {
    let service: APIService

    var routes: [Route] {
        [Route(ScheduleEndpoints.ticks) { call in try await list(call) }]
    }

    private static let noSuchConfiguration = APIError(.notFound, "There is no configuration with that id.")

    /// Ticks outlive their configuration for as long as retention lets them.
    private func list(_ call: APICall) async throws -> Response {
        guard let id = call.pathValues.first, APICall.isPossibleID(id) else { throw Self.noSuchConfiguration }
        let query = try TickQueryParameters.read(
            call.parameters, configuration: id, tenant: call.granted().tenant, sealer: service.pageTokens)
        let page = try await service.stores.schedules.ticks(matching: query)
        if page.ticks.isEmpty, try await service.stores.configurations.configuration(id, of: query.tenant) == nil {
            throw Self.noSuchConfiguration
        }
        let token = page.next.map { service.pageTokens.seal($0, of: query) }
        return .tagged(page.document(nextToken: token), for: call)
    }
}
