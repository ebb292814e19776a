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
        let choice = try Self.choice(of: call)
        let shown = try await service.shownRun(call.runID(), of: visitor.tenant)
        var page = shown.page(choice, for: visitor)
        if !shown.details.run.state.hasEnded {
            let look = shown.look(choice, for: visitor, with: service.pages)
            service.looks.remember(look)
            page = page.followed(from: look)
        }
        return .html(service.pages.document(page, for: visitor))
    }

    private func follow(_ call: PageCall) async throws -> Response {
        let visitor = try call.known()
        let id = try call.runID()
        let choice = try Self.choice(of: call)
        let seen = SeenRegions(call.seenTag, among: service.looks)
        let service = service
        return try await EventStream(service: service).response(to: call) {
            let shown = try await service.shownRun(id, of: visitor.tenant)
            return seen.step(to: shown.look(choice, for: visitor, with: service.pages))
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
        let visitor = try call.known()
        let principal = Principal(id: visitor.key, name: visitor.name)
        guard
            try await service.stores.runs.stopRun(
                id, of: visitor.tenant, for: RunStop(requestedAt: service.now, requestedBy: principal)) != nil
        else {
            throw APICall.noSuchRun
        }
        return .seeOther(PageAddress.run(id))
    }

    private static func choice(of call: PageCall) throws(APIError) -> TaskChoice {
        let (skipped, stage) = (try call.parameter("skipped"), try call.parameter("stage"))
        let (tasks, from) = (try call.parameter("tasks"), try call.parameter("from"))
        do {
            return try TaskChoice(skipped: skipped, stage: stage, tasks: tasks, from: from)
        } catch {
            throw .invalid(error.message)
        }
    }
}

/// A run with the data of its page, at an instant.
struct ShownRun: Sendable {
    var details: WorkflowRunDetails
    var attempts: [TaskAttemptRecord]
    var reruns: [WorkflowRun]
    var waitReasons: RunWaitReasons?
    var now: Timestamp

    func page(_ choice: TaskChoice, for visitor: Visitor) -> RunDetailsPage {
        RunDetailsPage(
            details, attempts: attempts, reruns: reruns, waitReasons: waitReasons, choice: choice, for: visitor, at: now)
    }

    func look(_ choice: TaskChoice, for visitor: Visitor, with pages: Pages) -> LiveLook {
        RunDetailsPage.look(
            details, attempts: attempts, reruns: reruns, waitReasons: waitReasons, choice: choice, for: visitor, with: pages,
            at: now)
    }
}

extension PageService {
    /// A run with its attempts.
    /// - Throws: ``APIError`` (404) for an unknown run.
    func run(_ id: RunID, of tenant: Tenant) async throws -> (WorkflowRunDetails, [TaskAttemptRecord]) {
        guard let details = try await stores.runs.run(id, of: tenant) else { throw APICall.noSuchRun }
        return (details, try await stores.tasks.attempts(of: id, tenant: tenant))
    }

    func shownRun(_ id: RunID, of tenant: Tenant) async throws -> ShownRun {
        let (details, attempts) = try await run(id, of: tenant)
        return ShownRun(
            details: details, attempts: attempts, reruns: try await reruns(of: details.run),
            waitReasons: try await waitReasons(of: details),
            now: now)
    }

    /// The reruns of a run; none before it has ended.
    func reruns(of run: WorkflowRun) async throws -> [WorkflowRun] {
        guard run.state.hasEnded else { return [] }
        return try await stores.runs.reruns(of: run.id, tenant: run.tenant, limit: RunDetailsPage.mostReruns)
    }

    /// The wait reasons of a run; nil after its end.
    func waitReasons(of details: WorkflowRunDetails) async throws -> RunWaitReasons? {
        guard !details.run.state.hasEnded else { return nil }
        return try await stores.runs.waitReasons(of: details.run.id, tenant: details.run.tenant, at: now)
    }
}
