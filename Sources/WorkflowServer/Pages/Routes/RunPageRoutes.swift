import HTTPTypes
import Hummingbird
import WorkflowAPI
import WorkflowModel
import WorkflowPages

/// A run's page, and stopping the run.
struct RunPageRoutes: Sendable {
    let service: PageService

    var routes: [PageRoute] {
        let path = PageAddress.history + "/{id}"
        return [
            PageRoute(.get, path, .policy(.viewer)) { call in try await show(call) },
            PageRoute(.get, path + "/live", .policy(.viewer)) { call in try await follow(call) },
            PageRoute(.get, path + "/stop", .policy(.operator)) { call in try await ask(call) },
            PageRoute(.post, path + "/stop", .policy(.operator)) { call in try await stop(call) },
        ]
    }

    private func show(_ call: PageCall) async throws -> Response {
        let visitor = try call.known()
        let (details, attempts) = try await service.run(call.runID(), of: visitor.tenant)
        let page = RunDetailsPage(
            details, attempts: attempts, reruns: try await service.reruns(of: details.run),
            standing: try await service.standing(of: details),
            hidesSkipped: try Self.hidesSkipped(call), for: visitor, at: service.now)
        return .html(service.pages.document(page, for: visitor))
    }

    private func follow(_ call: PageCall) async throws -> Response {
        let visitor = try call.known()
        let id = try call.runID()
        let hidesSkipped = try Self.hidesSkipped(call)
        let seen = SeenRegions(lastEventID: call.lastEventID)
        let service = service
        return try await EventStream(service: service).response(to: call) {
            let (details, attempts) = try await service.run(id, of: visitor.tenant)
            let reruns = try await service.reruns(of: details.run)
            let standing = try await service.standing(of: details)
            return seen.step(
                to: RunDetailsPage.look(
                    details, attempts: attempts, reruns: reruns, standing: standing, hidesSkipped: hidesSkipped, for: visitor,
                    with: service.pages, at: service.now))
        }
    }

    private func ask(_ call: PageCall) async throws -> Response {
        let visitor = try call.known()
        let (details, _) = try await service.run(call.runID(), of: visitor.tenant)
        if details.run.state.hasEnded { return .seeOther(PageAddress.run(details.run.id)) }
        return .html(service.pages.document(StopPage(details.run, for: visitor), for: visitor))
    }

    private func stop(_ call: PageCall) async throws -> Response {
        let id = try call.runID()
        guard try await service.store.stopRun(id, of: call.known().tenant, at: service.now) != nil else {
            throw APICall.noSuchRun
        }
        return .seeOther(PageAddress.run(id))
    }

    private static func hidesSkipped(_ call: PageCall) throws(APIError) -> Bool {
        try call.parameter("skipped") == "hide"
    }
}

extension PageService {
    /// A run with its attempts.
    /// - Throws: ``APIError`` (404) when the tenant has no such run.
    func run(_ id: RunID, of tenant: Tenant) async throws -> (WorkflowRunDetails, [TaskAttemptRecord]) {
        guard let details = try await store.run(id, of: tenant) else { throw APICall.noSuchRun }
        return (details, try await store.attempts(of: id, tenant: tenant))
    }

    /// Those that did a run over: none before it has ended.
    func reruns(of run: WorkflowRun) async throws -> [WorkflowRun] {
        guard run.state.hasEnded else { return [] }
        return try await store.reruns(of: run.id, tenant: run.tenant, limit: RunDetailsPage.mostReruns)
    }

    /// What a run waits for; nil for one that has ended.
    func standing(of details: WorkflowRunDetails) async throws -> RunStanding? {
        guard !details.run.state.hasEnded else { return nil }
        return try await store.standing(of: details.run.id, tenant: details.run.tenant, at: now)
    }
}
