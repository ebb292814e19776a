import Foundation
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTestKit

/// A scheduler over a real store. Its clock advances only when a test moves it, and no worker executes its runs.
struct ScheduleBench: Sendable {
    let engine: EngineBench
    var store: WatchedStore { engine.store }
    var database: any WorkflowStore { engine.database }
    var clock: TestClock { engine.clock }

    static func with(_ body: (ScheduleBench) async throws -> Void) async throws {
        try await EngineBench.with { bench in
            // 2026-11-24T00:00:00Z
            bench.clock.jump(by: Self.midnight - bench.clock.now)
            try await body(ScheduleBench(engine: bench))
        }
    }

    static let midnight = Timestamp(milliseconds: 1_795_478_400_000)

    /// Instants, by minutes after midnight.
    static func at(_ minutes: Int) -> Timestamp { midnight + .seconds(minutes * 60) }

    /// - Parameter schedules: the members `schedule` or `schedules` of a configuration.
    func save(_ schedules: String, id: String = "daily") async throws {
        var text = EngineBench.text([EngineBench.task("a")]).replacing("id: daily", with: "id: \(id)")
        if !schedules.isEmpty { text = "\(schedules)\n" + text }
        let source = ConfigurationSource(text: text, format: .yaml, directory: "/work")
        let configuration = try ConfigurationReader().read(source, file: "daily.yaml")
        let draft = ConfigurationDraft(
            version: ConfigurationVersionID(at: clock.now, using: engine.random), tenant: EngineBench.acme, configuration: id,
            name: configuration.name, type: configuration.type, source: source, hasSchedules: !configuration.schedules.isEmpty,
            author: StoreBench.someone)
        _ = try await store.saveConfiguration(draft, at: clock.now)
    }

    func scheduler(over store: WatchedStore? = nil, zones: any ScheduleZones = OnlyUTC()) -> Scheduler {
        Scheduler(
            store: store ?? self.store, time: clock, random: SeededRandom(seed: 5), zones: zones, logger: engine.log.logger)
    }

    /// Runs `body` while a scheduler works.
    func scheduling(zones: any ScheduleZones = OnlyUTC(), _ body: () async throws -> Void) async throws {
        let scheduler = scheduler(zones: zones)
        let life = Task { await scheduler.run() }
        do {
            try await body()
        } catch {
            life.cancel()
            throw error
        }
        life.cancel()
        await life.value
    }

    /// The versions that these decisions need.
    func versions(of scheduleProgresses: [ScheduleProgress]) async throws -> [ConfigurationVersionID: ReadSchedules] {
        var versions: [ConfigurationVersionID: ReadSchedules] = [:]
        for id in scheduleProgresses.flatMap(\.stretches).map(\.version) {
            let version = try #require(try await store.configurationVersion(id, of: EngineBench.acme))
            let configuration = try ConfigurationReader().read(version.source, file: "daily.yaml")
            versions[id] = ReadSchedules(
                version: version, configuration: configuration,
                schedules: configuration.schedules.map { ZonedSchedule(schedule: $0, zone: .utc) })
        }
        return versions
    }

    /// Runs a scheduler until everything that is due is decided.
    func decide() async throws {
        try await scheduling { try await untilDecided() }
    }

    /// Returns when nothing is due.
    func untilDecided() async throws {
        try await store.untilStored { store in
            guard let next = try await store.nextScheduleTimeOfAllTenants() else { return true }
            return next > clock.now
        }
    }

    /// Advances the clock while a scheduler decides.
    func pass(_ duration: Duration) async throws {
        await clock.advance(by: duration, whenSleeping: 1)
        try await untilDecided()
    }

    /// Oldest first.
    func ticks(_ id: String = "daily") async throws -> [ScheduleTick] {
        let query = TickQuery(tenant: EngineBench.acme, configuration: id, limit: 10_000)
        return try await store.ticks(matching: query).ticks.reversed()
    }

    func outcomes() async throws -> [String] {
        try await ticks().map { tick in
            let minute = (tick.instant - Self.midnight).milliseconds / 60_000
            return "\(minute) \(tick.outcome.rawValue)" + (tick.reason.map { " \($0.rawValue)" } ?? "")
        }
    }

    func run(of instant: Timestamp) async throws -> WorkflowRunDetails {
        let tick = try #require(try await ticks().first { $0.instant == instant })
        return try await engine.details(try #require(tick.run))
    }

    /// Ends a run with success.
    func end(_ run: RunID) async throws {
        let claimed = try await store.claimTasksOfAllTenants(
            TaskClaim(limit: 100, worker: "w", until: clock.now + .seconds(1_000_000)), at: clock.now)
        for task in claimed { _ = try await store.commit(.began, under: task.lease, at: clock.now) }
        let details = try await engine.details(run)
        let task = try #require(details.tasks.first)
        let lease = Lease(tenant: EngineBench.acme, run: run, task: task.id, attempt: 1, token: 1)
        #expect(try await store.commit(.succeeded(TaskOutput()), under: lease, at: clock.now) == .accepted(.succeeded))
    }
}

struct OnlyUTC: ScheduleZones {
    func zone(named name: String) throws(ScheduleZoneProblem) -> ScheduleZone {
        guard name == "UTC" else { throw ScheduleZoneProblem("no zone data is installed") }
        return .utc
    }
}
