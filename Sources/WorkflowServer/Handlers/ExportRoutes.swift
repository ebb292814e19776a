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
        let query = try RunExportParameters.read(call.parameters, tenant: call.granted().tenant)
        // Several headers of this name are one list (RFC 9110, section 5.3).
        let accepted = call.headers[values: .accept]
        let format = try RunExportFormat(accept: accepted.isEmpty ? nil : accepted.joined(separator: ","))
        var response = try await RunExport(of: query, as: format, service: service, requestID: call.requestID).response()
        response.headers[.vary] = "Accept"
        return response
    }
}
