import WorkflowEngine
import WorkflowModel
import WorkflowTestKit

/// Several nodes decide schedules over one store, with every interruption between reading and writing. A seed decides the steps.
///
/// Store and decisions are the real ones. Simulated are the order of the nodes, lost answers, changes of the configurations, and the
/// clock.
final class SchedulingSimulation {
    /// A version and the time during which it was current.
    struct Life {
        var read: ReadSchedules
        var begin: Timestamp
        var end: Timestamp?
    }

    static let steps = 160
    static let tenant = StoreBench.acme
    static let configurations = ["c-0", "c-1"]

    let random: SeededRandom
    let store: any WorkflowStore
    var now = Timestamp(milliseconds: 1_795_478_400_000)
    /// The progress that each node has read and not decided yet.
    var nodes: [[ScheduleProgress]] = [[], [], []]
    var lives: [String: [Life]] = [:]
    var versions: [ConfigurationVersionID: ReadSchedules] = [:]
    /// The pause of each configuration that is paused, or was.
    var pauses: [String: WorkflowPause] = [:]
    /// The last observed state of every tick.
    var seen: [String: [TickPlace: ScheduleTick]] = [:]
    private(set) var complaints: [String] = []
    private(set) var trace: [String] = []

    init(seed: UInt64, store: any WorkflowStore) {
        random = SeededRandom(seed: seed)
        self.store = store
    }

    /// Takes the steps of the seed, then lets every run end. Checks every tick after each step, and stops at the first complaint.
    func run() async throws {
        for _ in 0..<Self.steps where complaints.isEmpty {
            try await step()
            try await observe()
        }
        if complaints.isEmpty { try await settle() }
        if complaints.isEmpty { try await checkEnd() }
    }

    func complain(_ complaint: String) { complaints.append(complaint) }

    private func note(_ line: String) { trace.append("\(now.iso8601) \(line)") }

    // MARK: Steps

    private func step() async throws {
        let node = random.number(in: 0...nodes.count - 1)
        let id = Self.configurations[random.number(in: 0...Self.configurations.count - 1)]
        switch random.number(in: 0...99) {
        case 0..<7: try await save(id)
        case 7..<9: try await delete(id)
        case 9..<33: try await read(node)
        case 33..<63: try await decide(node)
        case 63..<67:
            note("crash")
            nodes[node] = []
        case 67..<76: try await endSomeRun()
        case 76..<80: try await backfill(id)
        case 80..<82: try await pause(id)
        case 82..<83: try await resume(id)
        case 83..<96: pass(.seconds(random.number(in: 1...900)))
        default: pass(.seconds(random.number(in: -7_200...10_800)))
        }
    }

    private func pass(_ duration: Duration) {
        now = now + duration
        note("time passes")
    }

    private func save(_ id: String) async throws {
        let schedules = try (0..<random.number(in: 0...2)).map { try randomSchedule("s\($0)") }
        let task = TaskDefinition(id: "t", label: "t", type: "test.task", action: .command(["work"]))
        let configuration = WorkflowConfiguration(
            id: id, name: "Simulated", type: "test/run", schedules: schedules, stages: [Stage(name: "All", tasks: [task])])
        let draft = ConfigurationDraft(
            version: ConfigurationVersionID(at: now, using: random), tenant: Self.tenant, configuration: id, name: "Simulated",
            type: "test/run", source: ConfigurationSource(text: "\(trace.count)", format: .yaml),
            hasSchedules: !schedules.isEmpty, author: StoreBench.someone)
        let version = try await store.saveConfiguration(draft, at: now).version
        let read = ReadSchedules(
            version: version, configuration: configuration, schedules: schedules.map { ZonedSchedule(schedule: $0, zone: .utc) })
        versions[version.id] = read
        endLife(of: id)
        lives[id, default: []].append(Life(read: read, begin: now))
        note("save \(id) \(schedules.map { "\($0.cron.text) \($0.catchUp) \($0.overlap)" })")
    }

    private func randomSchedule(_ id: String) throws -> Schedule {
        let crons = ["* * * * *", "*/5 * * * *", "7,37 * * * *", "0 * * * *"]
        return Schedule(
            id: id, cron: try CronExpression(crons[random.number(in: 0...3)]),
            catchUp: Schedule.CatchUp.allCases[random.number(in: 0...2)], catchUpLimit: random.number(in: 1...5),
            window: random.chance(0.3) ? .seconds(3_600) : nil, overlap: [.skip, .queue, .queue, .allow][random.number(in: 0...3)],
            isPaused: random.chance(0.1), range: random.chance(0.5) ? .period : .none)
    }

    private func delete(_ id: String) async throws {
        _ = try await store.deleteConfiguration(id, of: Self.tenant, at: now)
        endLife(of: id)
        pauses[id] = nil
        note("delete \(id)")
    }

    private func pause(_ id: String) async throws {
        let end = random.chance(0.7) ? now + .seconds(random.number(in: 1...3_600)) : nil
        let pause = WorkflowPause(reason: "\(trace.count)", pausedBy: StoreBench.someone, since: now, until: end)
        pauses[id] = try await store.pause(id, of: Self.tenant, with: pause)
        note("pause \(id) until \(end?.iso8601 ?? "resumed")")
    }

    private func resume(_ id: String) async throws {
        _ = try await store.resume(id, of: Self.tenant, at: now)
        if let pause = pauses[id], pause.isInForce(at: now) { pauses[id]?.until = now }
        note("resume \(id)")
    }

    private func endLife(of id: String) {
        guard let last = lives[id]?.indices.last, let life = lives[id]?[last], life.end == nil else { return }
        lives[id]?[last].end = max(now, life.begin)
    }

    private func read(_ node: Int) async throws {
        nodes[node] = try await store.dueSchedulesOfAllTenants(at: now, limit: random.number(in: 1...4))
        note("read \(nodes[node].count)")
    }

    /// The progress that was read may be outdated.
    private func decide(_ node: Int) async throws {
        guard !nodes[node].isEmpty else { return }
        let scheduleProgress = nodes[node].removeFirst()
        let decided = TickDecision(scheduleProgress, versions: versions, now: now, limit: random.chance(0.2) ? 3 : 2_000)
        let decision = decided.planned(from: scheduleProgress, versions: versions, at: now, random: random)
        let going = try await goingRuns(of: scheduleProgress.configuration)
        let isWritten = try await store.record(decision, at: now)
        note("decide \(scheduleProgress.configuration) \(decision.ticks.count) ticks: \(isWritten ? "written" : "late")")
        // After a lost answer the same decision is submitted again.
        if random.chance(0.1) {
            nodes[node].insert(scheduleProgress, at: 0)
            note("decide \(scheduleProgress.configuration), unheard")
        }
        guard isWritten, let current = scheduleProgress.currentVersion.flatMap({ versions[$0] }) else { return }
        if let pause = pauses[scheduleProgress.configuration],
            let tick = decision.ticks.first(where: { $0.outcome == .started && pause.skips($0.instant) })
        {
            complain("\(tick.schedule) started the run of \(tick.instant.iso8601), which is before the end of a pause")
        }
        for (schedule, starts) in Dictionary(grouping: decision.starts, by: { $0.schedule ?? "" }) {
            guard current[schedule]?.schedule.overlap != .allow else { continue }
            if starts.count > 1 || going.contains(schedule) { complain("\(schedule) started a run while another one went on") }
        }
    }

    /// The schedules with an active run.
    private func goingRuns(of configuration: String) async throws -> Set<String> {
        var going: Set<String> = []
        for tick in (seen[configuration] ?? [:]).values where tick.outcome == .started && !tick.isBackfilled {
            guard let run = tick.run, let details = try await store.run(run, of: Self.tenant) else { continue }
            if !details.run.state.hasEnded { going.insert(tick.schedule) }
        }
        return going
    }

    private func endSomeRun() async throws {
        let claimed = try await store.claimTasksOfAllTenants(TaskClaim(limit: 1, worker: "w", until: .latest), at: now)
        for task in claimed {
            _ = try await store.commit(.began, under: task.lease, at: now)
            _ = try await store.commit(.succeeded(TaskOutput()), under: task.lease, at: now)
            note("end \(task.lease.run)")
        }
    }

    private func backfill(_ id: String) async throws {
        guard let life = lives[id]?.last, life.end == nil, let zoned = life.read.schedules.first else { return }
        let last = now + .seconds(-random.number(in: 0...3_600))
        guard let instant = zoned.schedule.tick(before: last, in: .utc) else { return }
        let receipt = try await backfill(life.read, zoned.schedule.id, instant)
        // After a lost answer the backfill is repeated. Any other receipt than "already started" would start the run twice.
        guard random.chance(0.5), case .started(let run) = receipt else { return }
        let again = try await backfill(life.read, zoned.schedule.id, instant)
        if again != .alreadyStarted(run.run.id) { complain("\(id) at \(instant.iso8601) was backfilled twice") }
    }

    private func backfill(_ read: ReadSchedules, _ schedule: String, _ instant: Timestamp) async throws -> BackfillReceipt {
        let request = RunRequest(principal: StoreBench.someone, scheduledFor: instant)
        let plan = try RunPlan(read.configuration, version: read.version, for: request, at: now, random: random)
        let receipt = try await store.backfill(plan, tickOf: schedule, at: now)
        note("backfill \(read.configuration.id) \(instant.iso8601): \(receipt.word)")
        return receipt
    }

    // MARK: The end

    /// Without further crashes and changes, everything must end.
    private func settle() async throws {
        for id in Self.configurations { try await delete(id) }
        for _ in 0..<200 where complaints.isEmpty {
            now = now + .seconds(600)
            for scheduleProgress in try await store.dueSchedulesOfAllTenants(at: now, limit: 10) {
                nodes[0] = [scheduleProgress]
                try await decide(0)
            }
            for _ in 0..<20 { try await endSomeRun() }
            try await observe()
            if try await store.nextScheduleTimeOfAllTenants() == nil { return }
        }
        if complaints.isEmpty { complain("schedules never come to an end") }
    }
}

extension BackfillReceipt {
    fileprivate var word: String {
        switch self {
        case .started: "started"
        case .alreadyStarted: "already"
        case .waiting: "waiting"
        }
    }
}
