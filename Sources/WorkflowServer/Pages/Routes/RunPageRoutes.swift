import HTTPTypes
import Hummingbird
import WorkflowAPI
import WorkflowModel
import WorkflowOperations
import WorkflowPages

/// A run's page, and stopping the run.
struct RunPageRoutes: Sendable {
    let service: PageService

    var routes: [PageRoute] {
        let path = PageAddress.history + "/{id}"
        return [
            PageRoute(.get, path, .policy(.viewer)) { call in try await show(call) },
            PageRoute(.get, path + "/live", .policy(.viewer)) { call in try await follow(call) },
            PageRoute(.get, path + "/graph", .policy(.viewer)) { call in try await graph(call) },
            PageRoute(.get, path + "/stop", .policy(.operator)) { call in try await ask(call) },
            PageRoute(.post, path + "/stop", .policy(.operator)) { call in try await stop(call) },
        ]
    }

    private func show(_ call: PageCall) async throws -> Response {
        let visitor = try call.known()
        let choice = try Self.choice(of: call)
        let shown = try await service.shownRun(call.runID(), of: visitor.tenant)
        var page = try await telling(of: shown.details.run, on: shown.page(choice, for: visitor), for: visitor)
        if !shown.details.run.state.hasEnded {
            let look = shown.look(choice, for: visitor, with: service.pages)
            service.looks.remember(look)
            page = page.followed(from: look)
        }
        let zone = try await service.zone(ofWorkflow: shown.details.origin.configuration, for: visitor)
        return .html(service.pages.document(page, for: visitor, zone: zone))
    }

    private func graph(_ call: PageCall) async throws -> Response {
        let visitor = try call.known()
        let (details, _) = try await service.run(call.runID(), of: visitor.tenant)
        let page = GraphPage(details, try await service.launchedConfiguration(of: details))
        return .html(service.pages.document(page, for: visitor))
    }

    private func telling(
        of run: WorkflowRun, on page: RunDetailsPage, for visitor: Visitor
    ) async throws -> RunDetailsPage {
        guard let found = try await service.stores.subscriptions.subscriptions(to: run.id, of: visitor.tenant) else { return page }
        // Without a form there is no choice of receivers.
        let receivers = found.event == nil ? try await service.stores.alerts.receivers(of: visitor.tenant) : []
        return page.telling(
            found, of: run, receivers: receivers.filter { $0.disabledAt == nil }.map(\.name), for: visitor)
    }

    private func follow(_ call: PageCall) async throws -> Response {
        let visitor = try call.known()
        let id = try call.runID()
        let choice = try Self.choice(of: call)
        let seen = SeenRegions(call.seenTag, among: service.looks)
        let service = service
        let run = FollowedRun(id, of: visitor.tenant, by: service)
        return try await EventStream(service: service).response(to: call) {
            let shown = try await run.shown()
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
        let reason = try call.field("reason")
        if !reason.isEmpty, let problem = ReasonRule.problem(with: reason) {
            let (details, _) = try await service.run(id, of: visitor.tenant)
            let page = StopPage(details.run, reason: reason, problem: problem, for: visitor)
            return .html(service.pages.document(page, for: visitor), status: .badRequest)
        }
        let stop = RunStop(requestedAt: service.now, requestedBy: principal, reason: reason.isEmpty ? nil : reason)
        guard try await service.stores.runs.stopRun(id, of: visitor.tenant, for: stop) != nil else {
            throw APICall.noSuchRun
        }
        return .seeOther(PageAddress.run(id))
    }

    private static func choice(of call: PageCall) throws(APIError) -> TaskChoice {
        let (skipped, stage) = (try call.parameter("skipped"), try call.parameter("stage"))
        let (tasks, from) = (try call.parameter("tasks"), try call.parameter("from"))
        let text = try call.parameter("text")
        do {
            return try TaskChoice(skipped: skipped, stage: stage, tasks: tasks, from: from, text: text)
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
    /// The version that it was launched with; nil when it is not known.
    var version: ConfigurationVersion?
    /// The definition of that version; nil when this program cannot read it.
    var configuration: WorkflowConfiguration?
    /// nil until the run has failed.
    var failure: FailureExcerpt?
    var now: Timestamp

    func page(_ choice: TaskChoice, for visitor: Visitor) -> RunDetailsPage {
        RunDetailsPage(
            details, attempts: attempts, reruns: reruns, waitReasons: waitReasons, version: version, configuration: configuration,
            choice: choice, for: visitor, at: now
        ).showing(failure)
    }

    func look(_ choice: TaskChoice, for visitor: Visitor, with pages: Pages) -> LiveLook {
        RunDetailsPage.look(
            details, attempts: attempts, reruns: reruns, waitReasons: waitReasons, version: version, configuration: configuration,
            failure: failure, choice: choice, for: visitor, with: pages, at: now)
    }
}

extension PageService {
    /// A run with its attempts.
    /// - Throws: ``APIError`` (404) for an unknown run.
    func run(_ id: RunID, of tenant: Tenant) async throws -> (WorkflowRunDetails, [TaskAttemptRecord]) {
        guard let details = try await stores.runs.run(id, of: tenant) else { throw APICall.noSuchRun }
        return (details, try await stores.tasks.attempts(of: id, tenant: tenant, at: .withoutItems))
    }

    func shownRun(_ id: RunID, of tenant: Tenant) async throws -> ShownRun {
        var (details, attempts) = try await run(id, of: tenant)
        details.items = try await itemsOfInterest(in: details)
        details.firings = try await stores.triggers.shownFirings(after: details.run)
        let version = try await launchedVersion(of: details)
        // Imported history belongs to a workflow of this service when there is one with its id.
        if details.isImported, let id = details.origin.configuration {
            details.currentVersion = try await stores.configurations.configuration(id, of: tenant)?.id
        }
        return ShownRun(
            details: details, attempts: attempts, reruns: try await reruns(of: details.run),
            waitReasons: try await waitReasons(of: details), version: version,
            configuration: version.flatMap { try? api.configurations.parsed($0) }, failure: try await failure(of: details), now: now
        )
    }

    /// The items that the page of a run shows: of each task the first failed ones, then those at work.
    private func itemsOfInterest(in details: WorkflowRunDetails) async throws -> [TaskInstance] {
        var found: [TaskInstance] = []
        let groups = details.tasks.filter { $0.fan?.counts.map { $0.failed > 0 || $0.active > 0 } ?? false }
        for group in groups.prefix(RunDetailsPage.mostOpenedTasks) {
            let working: Set<TaskState> = [.started, .running, .finalizing, .stopping]
            for states in [[.failed], working] {
                found += try await stores.tasks.items(
                    matching: TaskItemQuery(
                        of: details.run.id, tenant: details.run.tenant, group: group.id, in: states, limit: RunDetailsPage.mostItems
                    ))
            }
        }
        return found
    }

    /// The version that a run was launched with; nil for imported history.
    func launchedVersion(of details: WorkflowRunDetails) async throws -> ConfigurationVersion? {
        guard !details.isImported, let launched = details.launchedVersion else { return nil }
        return try await stores.configurations.configurationVersion(launched, of: details.run.tenant)
    }

    /// The definition that a run was launched with; nil for imported history, and when this program cannot read it.
    func launchedConfiguration(of details: WorkflowRunDetails) async throws -> WorkflowConfiguration? {
        try await launchedVersion(of: details).flatMap { try? api.configurations.parsed($0) }
    }

    /// The end of the log of the first failed task, and since when the workflow fails; nil for a run that has not failed.
    func failure(of details: WorkflowRunDetails) async throws -> FailureExcerpt? {
        let run = details.run
        guard run.state == .failed, !details.isImported, let task = details.tasks.first(where: { $0.state == .failed }) else {
            return nil
        }
        let failed = try await firstFailedItem(of: task) ?? task
        let output = try await keptOutput(
            of: failed.id, in: run.id, tenant: run.tenant, attempt: nil, last: FailureExcerpt.tailBytes)
        return FailureExcerpt(failed, output: output, since: try await since(details))
    }

    private func since(_ details: WorkflowRunDetails) async throws -> FailureSince? {
        let run = details.run
        guard let configuration = details.origin.configuration, let place = RunCursor(of: run, by: .created) else { return nil }
        let good = try await stores.runs.lastSuccessfulRun(of: configuration, tenant: run.tenant, after: place)
        let newest = try await stores.lists.latestRuns(
            ofEach: [configuration], of: run.tenant, limit: WorkflowPage.runsToRead)[configuration]
        let streak = FailureStreak(Array((newest ?? []).drop { $0.run.id != run.id }))
        let named = [streak?.first, good].compactMap(\.self).filter { $0.id != run.id }
        return FailureSince(run, streak: streak, good: good, versions: try await versions(of: named))
    }

    /// The versions that runs were launched with, as far as they are stored.
    func versions(of runs: [WorkflowRun]) async throws -> [RunID: ConfigurationVersion] {
        var versions: [RunID: ConfigurationVersion] = [:]
        for run in runs {
            guard let launched = try await stores.runs.run(run.id, of: run.tenant)?.launchedVersion else { continue }
            versions[run.id] = try await stores.configurations.configurationVersion(launched, of: run.tenant)
        }
        return versions
    }

    /// nil for a task that runs once.
    private func firstFailedItem(of task: TaskInstance) async throws -> TaskInstance? {
        guard task.fan != nil else { return nil }
        let query = TaskItemQuery(of: task.run, tenant: task.tenant, group: task.id, in: [.failed], limit: 1)
        return try await stores.tasks.items(matching: query).first
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
