import HTTPTypes
import Hummingbird
import WorkflowAPI
import WorkflowModel
import WorkflowOperations
import WorkflowPages

/// The form that resolves a task.
struct ResolutionPageRoutes: Sendable {
    let service: PageService

    var routes: [PageRoute] {
        let path = TaskPageRoutes.path + "/resolve"
        return [
            PageRoute(.get, path, .policy(.operator)) { call in try await ask(call) },
            PageRoute(.post, path, .policy(.operator), fieldBytes: ResolvedOutputs.bytes) { call in try await resolve(call) },
        ]
    }

    private func ask(_ call: PageCall) async throws -> Response {
        let chosen = try call.parameter(PageAddress.resolutionName)
        if let chosen, Resolution(rawValue: chosen) == nil {
            let accepted = Resolution.allCases.map(\.rawValue).joined(separator: ", ")
            throw APIError.invalid("Unknown resolution \(chosen.prefix(40)). Accepted: \(accepted).")
        }
        return try await answer(call, sent: ResolveForm.Sent(resolution: chosen ?? ""), status: .ok)
    }

    private func resolve(_ call: PageCall) async throws -> Response {
        let (id, visitor) = (try call.runID(), try call.known())
        let sent = ResolveForm.Sent(
            resolution: try call.field("resolution"), reason: try call.field("reason"), outputs: try call.field("outputs"))
        do {
            let request = try Self.request(sent)
            let task = try await service.task(of: call).task
            let outcome = try await APIService.sayingWhy {
                try await service.api.resolutions.resolve(
                    .one(task.id), in: id, of: visitor.tenant, for: request, by: Principal(id: visitor.key, name: visitor.name))
            }
            guard let details = outcome?.details else { throw APICall.noSuchRun }
            return .seeOther(PageAddress.run(details.run.id))
        } catch let error as APIError where error.kind == .invalid || error.kind == .conflict {
            return try await answer(
                call, sent: sent, problem: error.message, status: error.kind == .conflict ? .conflict : .badRequest)
        }
    }

    /// A field that was left empty was not given.
    private static func request(_ sent: ResolveForm.Sent) throws(APIError) -> ResolveRequest {
        guard let resolution = Resolution(rawValue: sent.resolution) else {
            throw .invalid("Choose a resolution.")
        }
        let outputs = sent.outputs.contains { !$0.isWhitespace } && resolution.takesOutputs ? Array(sent.outputs.utf8) : nil
        return try ResolveRequest(checking: resolution, outputs: outputs, reason: sent.reason.isEmpty ? nil : sent.reason)
    }

    private func answer(
        _ call: PageCall, sent: ResolveForm.Sent = ResolveForm.Sent(), problem: String? = nil, status: HTTPResponse.Status
    ) async throws -> Response {
        let visitor = try call.known()
        let found = try await service.task(of: call)
        let offers = try await service.offers(for: found, of: visitor.tenant)
        let page = ResolvePage(found.task, of: found.run, offers: offers, sent: sent, problem: problem, for: visitor)
        return .html(service.pages.document(page, for: visitor), status: status)
    }
}

extension PageService {
    /// The resolutions that apply to a task as it was found.
    func offers(for found: FoundTask, of tenant: Tenant) async throws -> [ResolutionOffer] {
        guard !found.details.isImported, let needs = try await stores.runs.needs(in: found.run.id, of: tenant) else { return [] }
        return ResolutionGuide(found.details, needs: needs).offers(for: found.task)
    }

    /// nil when nothing applies, and for a visitor who may not operate.
    func resolveForm(_ found: FoundTask, for visitor: Visitor) async throws -> ResolveForm? {
        ResolveForm(try await offers(for: found, of: visitor.tenant), for: found.task, visitor: visitor)
    }
}
