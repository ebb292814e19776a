import Hummingbird
import WorkflowAPI
import WorkflowModel
import WorkflowOperations
import WorkflowPages

/// The forms that pause and resume a workflow.
struct PausePageRoutes: Sendable {
    let service: PageService

    var routes: [PageRoute] {
        let pause = PageAddress.configured + "/{id}/pause"
        let resume = PageAddress.configured + "/{id}/resume"
        return [
            PageRoute(.get, pause, .policy(.operator)) { call in try await askToPause(call) },
            PageRoute(.post, pause, .policy(.operator)) { call in try await self.pause(call) },
            PageRoute(.get, resume, .policy(.operator)) { call in try await askToResume(call) },
            PageRoute(.post, resume, .policy(.operator)) { call in try await self.resume(call) },
        ]
    }

    private func askToPause(_ call: PageCall) async throws -> Response {
        let version = try await service.version(of: call)
        let pause = try await service.stores.pauses.pause(
            of: version.configuration, tenant: version.tenant, at: service.now)
        return try form(version, pause.map { PauseFields($0) } ?? PauseFields(), for: call)
    }

    private func pause(_ call: PageCall) async throws -> Response {
        let visitor = try call.known()
        let version = try await service.version(of: call)
        let fields = PauseFields(reason: try call.field("reason"), until: try call.field("until"))
        do {
            let request = PauseRequest(reason: fields.reason, until: try Self.end(fields))
            let principal = Principal(id: visitor.key, name: visitor.name)
            let pause = try await service.api.pauses.pause(version.configuration, of: visitor.tenant, for: request, by: principal)
            // Deleted between the two statements.
            guard pause != nil else { throw APIError.noSuchWorkflow }
            return .seeOther(PageAddress.workflow(version.configuration))
        } catch let problem as APIError where problem.kind == .invalid {
            return try form(version, fields, problem: problem.message, for: call)
        }
    }

    private static func end(_ fields: PauseFields) throws(APIError) -> Timestamp? {
        guard !fields.until.isEmpty else { return nil }
        guard let until = Timestamp(iso8601: fields.until) else {
            throw .invalid("Until is not a date; one looks like 2024-04-01T09:30.")
        }
        return until
    }

    private func form(
        _ version: ConfigurationVersion, _ fields: PauseFields, problem: String? = nil, for call: PageCall
    ) throws -> Response {
        let visitor = try call.known()
        let page = PausePage(version, fields: fields, problem: problem, for: visitor)
        return .html(service.pages.document(page, for: visitor), status: problem == nil ? .ok : .badRequest)
    }

    private func askToResume(_ call: PageCall) async throws -> Response {
        let visitor = try call.known()
        let version = try await service.version(of: call)
        return .html(service.pages.document(ConfirmPage.resume(version, for: visitor), for: visitor))
    }

    private func resume(_ call: PageCall) async throws -> Response {
        let version = try await service.version(of: call)
        guard try await service.api.pauses.resume(version.configuration, of: call.known().tenant) else {
            throw APIError.noSuchWorkflow
        }
        return .seeOther(PageAddress.workflow(version.configuration))
    }
}
