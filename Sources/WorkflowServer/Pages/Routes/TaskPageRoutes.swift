import HTTPTypes
import Hummingbird
import WorkflowAPI
import WorkflowModel
import WorkflowPages

/// The details of a task.
struct TaskPageRoutes: Sendable {
    let service: PageService

    static let path = PageAddress.history + "/{id}/tasks/{task}"

    var routes: [PageRoute] {
        [
            PageRoute(.get, Self.path, .policy(.viewer)) { call in try await show(call) },
            PageRoute(.get, Self.path + "/live", .policy(.viewer)) { call in try await follow(call) },
        ]
    }

    private func show(_ call: PageCall) async throws -> Response {
        let visitor = try call.known()
        let found = try await service.task(of: call)
        let choice = LogChoice(
            attempt: try LogRoutes.attempt(of: call), query: try call.parameter("q"),
            isWhole: try call.parameter("all") == "yes")
        let output = try await service.keptOutput(
            of: found.task.id, in: found.run.id, tenant: visitor.tenant, attempt: choice.attempt)
        if choice.attempt != nil, output == nil { throw PageService.noSuchTask }
        let page = TaskPage(
            found.task, of: found.run, attempts: found.attempts, values: found.values, output: output, log: choice,
            at: service.now)
        return .html(service.pages.document(page, for: visitor))
    }

    private func follow(_ call: PageCall) async throws -> Response {
        let seen = SeenRegions(lastEventID: call.lastEventID)
        let service = service
        return try await EventStream(service: service).response(to: call) {
            let found = try await service.task(of: call)
            return seen.step(
                to: TaskPage.look(
                    found.task, of: found.run, attempts: found.attempts, values: found.values, with: service.pages,
                    at: service.now))
        }
    }
}

/// A task with all that its page shows.
struct FoundTask: Sendable {
    var task: TaskInstance
    var run: WorkflowRun
    var attempts: [TaskAttemptRecord]
    var values: TaskValues
}

extension PageService {
    static let noSuchTask = APIError(.notFound, "There is no such task in this run, or it has no such attempt.")

    /// - Throws: ``APIError`` (404) when the tenant has no such run, or the run no such task.
    func task(of call: PageCall) async throws -> FoundTask {
        let tenant = try call.known().tenant
        let (details, attempts) = try await run(call.runID(), of: tenant)
        guard let task = details.tasks.first(where: { $0.id.rawValue == call.pathValues.last }),
            let values = try await store.values(of: task.id, in: details.run.id, tenant: tenant)
        else { throw Self.noSuchTask }
        return FoundTask(task: task, run: details.run, attempts: attempts.filter { $0.task == task.id }, values: values)
    }

    /// All that is kept of what an attempt printed.
    /// - Returns: nil when there is no such attempt.
    func keptOutput(of task: TaskID, in run: RunID, tenant: Tenant, attempt: Int?) async throws -> KeptOutput? {
        var kept: KeptOutput?
        while kept?.isLast != true {
            let next = kept.map { $0.offset + $0.bytes.count } ?? 0
            let slice = try await store.output(
                of: task, in: run, tenant: tenant, attempt: kept?.attempt ?? attempt, from: next, limit: Limits.outputSlice)
            guard let slice else { return kept }
            if slice.offset > next || kept == nil {
                // What comes after a gap is the end of it, and that is what counts.
                kept = KeptOutput(attempt: slice.attempt, offset: slice.offset, bytes: slice.bytes, isLast: slice.isLast)
            } else {
                kept?.bytes += slice.bytes
                kept?.isLast = slice.isLast
            }
            if slice.bytes.isEmpty { return kept }
        }
        return kept
    }
}
