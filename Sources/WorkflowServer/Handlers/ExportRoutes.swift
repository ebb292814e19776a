import Hummingbird
import WorkflowAPI
import WorkflowModel

/// Exports runs: an addition to the contract.
struct ExportRoutes: Sendable {
    let service: APIService

    var routes: [Route] {
        [Route(RunEndpoints.export) { call in try await export(call) }]
    }

    private func export(_ call: APICall) async throws -> Response {
        let tenant = try call.granted().tenant
        let query = try RunExportParameters.read(
            call.parameters, after: try await service.view(of: call.parameters, tenant: tenant), tenant: tenant,
            at: service.time.now)
        // Several headers of this name are one list (RFC 9110, section 5.3).
        let accepted = call.headers[values: .accept]
        let format = try RunExportFormat(accept: accepted.isEmpty ? nil : accepted.joined(separator: ","))
        var response = try await RunExport(of: query, as: format, service: service, requestID: call.requestID).response()
        response.headers[.vary] = "Accept"
        return response
    }
}
