import Hummingbird
import WorkflowAPI
import WorkflowModel
import WorkflowOperations
import WorkflowPages

/// The pages of one workflow: how it has been doing, its definition, and its schedule.
struct WorkflowPageRoutes: Sendable {
    let service: PageService

    var routes: [PageRoute] {
        let place = PageAddress.configured + "/{id}"
        return [
            PageRoute(.get, place, .policy(.viewer)) { call in try await show(call) },
            PageRoute(.get, place + "/live", .policy(.viewer)) { call in try await follow(call) },
            PageRoute(.get, place + "/definition", .policy(.viewer)) { call in try await definition(call) },
            PageRoute(.get, place + "/graph", .policy(.viewer)) { call in try await graph(call) },
            PageRoute(.get, place + "/schedule", .policy(.viewer)) { call in try await schedule(call) },
            PageRoute(.get, place + "/schedule/live", .policy(.viewer)) { call in try await followSchedule(call) },
        ]
    }

    private func show(_ call: PageCall) async throws -> Response {
        let page = try await page(for: call)
        let look = page.look(with: service.pages)
        service.looks.remember(look)
        return try await document(page.followed(from: look), for: call)
    }

    /// Its times may be in the zone of the workflow.
    private func document(_ page: some Page, for call: PageCall) async throws -> Response {
        let visitor = try call.known()
        let zone = try await service.zone(ofWorkflow: call.pathValues.first, for: visitor)
        return .html(service.pages.document(page, for: visitor, zone: zone))
    }

    private func follow(_ call: PageCall) async throws -> Response {
        let seen = SeenRegions(call.seenTag, among: service.looks)
        let pages = service.pages
        return try await EventStream(service: service).response(to: call) {
            seen.step(to: try await page(for: call).look(with: pages))
        }
    }

    private func page(for call: PageCall) async throws -> WorkflowPage {
        let visitor = try call.known()
        let version = try await service.version(of: call)
        let (id, tenant, stores) = (version.configuration, visitor.tenant, service.stores)
        // A version that this program cannot read is shown without its schedules and tasks.
        let configuration = try? service.api.configurations.parsed(version)
        let runs = try await service.latestRuns(of: id, tenant: tenant, limit: WorkflowPage.runsToRead)
        let tasksPage = try Self.number(call, "tasks") ?? 0
        var overview = WorkflowOverview(version: version, configuration: configuration, runs: runs, tasksPage: tasksPage)
        overview.pause = try await stores.pauses.pause(of: id, tenant: tenant, at: service.now)
        overview.next = service.next(configuration?.schedules ?? [], during: overview.pause, at: service.now)
        overview.receivers = try await stores.alerts.receivers(of: tenant)
            .filter { $0.disabledAt == nil && $0.rule.tells(of: id, type: version.type) }
            .map { AlertRoute(to: $0.name, when: $0.rule) }
        overview.results = try await stores.tasks.taskResults(
            matching: WorkflowPage.results(of: runs, tenant: tenant, page: tasksPage))
        if let streak = FailureStreak(runs) {
            overview.versions = try await service.versions(of: [streak.first, streak.good].compactMap(\.self))
        }
        return WorkflowPage(overview, for: visitor)
    }

    private func graph(_ call: PageCall) async throws -> Response {
        guard let version = try await versions(of: call, limit: 1).first else { throw APIError.noSuchWorkflow }
        return try await document(GraphPage(version, try service.api.configurations.parsed(version)), for: call)
    }

    /// The version that the address asks for, or the newest one, and those before it.
    private func versions(of call: PageCall, limit: Int) async throws -> [ConfigurationVersion] {
        guard let id = call.pathValues.first, APICall.isPossibleID(id) else { throw APIError.noSuchWorkflow }
        let number = try Self.number(call, "version")
        let versions = try await service.stores.configurations.versions(
            of: id, tenant: call.known().tenant, upTo: number, limit: limit, withTexts: true)
        guard let version = versions.first, number == nil || version.number == number else { throw APIError.noSuchWorkflow }
        return versions
    }

    private func definition(_ call: PageCall) async throws -> Response {
        let visitor = try call.known()
        // The version and the one before it.
        let shown = try await versions(of: call, limit: 2)
        let version = shown[0]
        let versions = try await service.stores.configurations.versions(
            of: version.configuration, tenant: visitor.tenant, upTo: nil, limit: DefinitionPage.most,
            withTexts: false)
        let before = shown.dropFirst().first { $0.number == version.number - 1 }
        return try await document(
            DefinitionPage(
                version, before: before, among: versions, configuration: try? service.api.configurations.parsed(version)), for: call
        )
    }

    /// The greatest number of a version, and of a page of tasks, that an address may ask for.
    private static let greatestNumber = 100_000

    private static func number(_ call: PageCall, _ name: String) throws(APIError) -> Int? {
        guard let text = try call.query.single(name), !text.isEmpty else { return nil }
        guard let number = Int(text), (0...greatestNumber).contains(number) else {
            throw .invalid("\(name) is \(text.quoted). Accepted: a whole number from 0 to \(greatestNumber).")
        }
        return number
    }

    private func schedule(_ call: PageCall) async throws -> Response {
        let page = try await schedulePage(for: call)
        let look = page.look(with: service.pages)
        service.looks.remember(look)
        return try await document(page.followed(from: look), for: call)
    }

    private func followSchedule(_ call: PageCall) async throws -> Response {
        let seen = SeenRegions(call.seenTag, among: service.looks)
        let pages = service.pages
        return try await EventStream(service: service).response(to: call) {
            seen.step(to: try await schedulePage(for: call).look(with: pages))
        }
    }

    private func schedulePage(for call: PageCall) async throws -> SchedulePage {
        let visitor = try call.known()
        let version = try await service.version(of: call)
        let now = service.now
        let pause = try await service.stores.pauses.pause(of: version.configuration, tenant: visitor.tenant, at: now)
        let configuration = try service.api.configurations.parsed(version)
        let schedules = configuration.schedules
        let coming = schedules.map { schedule in
            let zone = try? service.api.zones.zone(named: schedule.timeZone)
            return ComingTicks(
                schedule: schedule,
                ticks: zone.map { schedule.preview(after: now, count: SchedulePage.coming, in: $0, during: pause) })
        }
        let query = TickQuery(tenant: visitor.tenant, configuration: version.configuration, limit: SchedulePage.past)
        let past = try await service.stores.schedules.ticks(matching: query).ticks
        let firings = try await service.stores.triggers.firings(
            matching: FiringQuery(tenant: visitor.tenant, configuration: version.configuration, limit: SchedulePage.past))
        return SchedulePage(
            version, coming: coming, past: past, triggers: configuration.triggers, firings: firings.firings, pause: pause,
            for: visitor)
    }
}

extension PageService {
    /// When the first of the schedules starts a run.
    func next(_ schedules: [Schedule], during pause: WorkflowPause?, at now: Timestamp) -> Timestamp? {
        schedules.compactMap { schedule in
            guard let zone = try? api.zones.zone(named: schedule.timeZone) else { return nil }
            return schedule.preview(after: now, count: 1, in: zone, during: pause).first { $0.fires && !$0.isPaused }?.instant
        }.min()
    }

    /// The newest runs of a workflow, newest first, those of imported history among them where it has few of its own.
    fileprivate func latestRuns(of id: String, tenant: Tenant, limit: Int) async throws -> [RecentRun] {
        let first = try await stores.lists.latestRuns(ofEach: [id], of: tenant, limit: limit)[id] ?? []
        // A workflow with enough runs of its own needs no search.
        guard first.count < limit else { return first }
        var query = RunQuery(tenant: tenant, limit: limit)
        query.filter.configurations = TextChoice(id)
        query.limitWork(to: api.settings.searchTime)
        let found = try await stores.lists.runs(matching: query).runs
        // Read after the search: a run that has begun meanwhile is one of its own.
        let own = try await stores.lists.latestRuns(ofEach: [id], of: tenant, limit: limit)[id] ?? []
        let known = Set(own.map(\.run.id))
        let imported = found.filter { !known.contains($0.id) }.map { RecentRun($0, isImported: true) }
        guard !imported.isEmpty else { return own }
        return Array((own + imported).sorted { ($0.run.createdAt, $0.run.id) > ($1.run.createdAt, $1.run.id) }.prefix(limit))
    }

    /// The current version of the configuration in the path.
    func version(of call: PageCall) async throws -> ConfigurationVersion {
        guard let id = call.pathValues.first, APICall.isPossibleID(id),
            let version = try await stores.configurations.configuration(id, of: call.known().tenant)
        else { throw APIError.noSuchWorkflow }
        return version
    }
}

extension APIError {
    /// The pages call a configuration a workflow.
    static let noSuchWorkflow = APIError(.notFound, "There is no workflow with that id.")
}
