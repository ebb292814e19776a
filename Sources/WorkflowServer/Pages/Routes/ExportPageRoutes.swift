import Hummingbird
import WorkflowAPI
import WorkflowModel
import WorkflowPages

/// Exports of the run history for signed-in visitors. The export of the API takes bearer tokens only.
struct ExportPageRoutes: Sendable {
    let service: PageService

    var routes: [PageRoute] {
        [PageRoute(.get, PageAddress.export, .policy(.viewer)) { call in try await export(call) }]
    }

    /// The whole list of the address, whatever its place.
    private func export(_ call: PageCall) async throws -> Response {
        let visitor = try call.known()
        let address = try call.historyAddress(at: service.now, besides: [ExactText(PageAddress.exportFormat)])
        let text = try call.parameter(PageAddress.exportFormat) ?? ""
        guard let format = RunExportFormat(rawValue: text) else {
            let accepted = RunExportFormat.allCases.map(\.rawValue).joined(separator: ", ")
            throw APIError.invalid("Unknown format \(text.quoted) of an export. Accepted: \(accepted).")
        }
        // A HEAD response has no body to stream.
        if call.request.method == .head { return .empty(.ok, headers: [.contentType: format.contentType]) }
        let query = RunQuery(tenant: visitor.tenant, filter: address.filter, sort: address.order)
        return try await RunExport(of: query, as: format, service: service.api, requestID: call.requestID).response()
    }
}
