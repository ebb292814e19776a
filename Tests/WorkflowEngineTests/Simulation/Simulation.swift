import WorkflowEngine
import WorkflowModel
import WorkflowTestKit

/// Workers and a store, with every failure between them. A seed decides the steps.
///
/// Store and decisions are the real ones. Simulated are the order of the workers, lost answers, and the clock.
final class Simulation {
    struct Submitted {
        var id: RunID
        var configuration: String
        var definitions: [TaskDefinition]
        /// The rerun's original run, and for each kept task the run in which it succeeded.
        var rerunOf: RunID?
        var kept: [String: RunID] = [:]
        var isStopped = false
        var afterStop = Duration.zero
    }

    static let steps = 220
    static let configurations = ["c-0", "c-1", "c-2"]
    static let tenant = StoreBench.acme
    static let leaseDuration = Duration.seconds(30)
    static let settings = EngineSettings(ownsStoreAlone: false, leaseDuration: leaseDuration)

    let random: SeededRandom
    let store: any WorkflowStore
    var now = Timestamp(milliseconds: 1_700_000_000_000)
    /// Elapsed time, independent of the clock.
    private(set) var elapsed = Duration.zero
    var workers: [SimulatedWorker] = []
    var runs: [Submitted] = []
    /// The definitions of every version.
    var definitions: [ConfigurationVersionID: [TaskDefinition]] = [:]
    /// Claims per task.
    var claims: [TaskID: Int] = [:]
    /// Reported ends of attempts, some of which are reported again.
    var reported: [(lease: Lease, event: TaskEvent)] = []
    var limits = SimulatedLimits()
    var outbox = SimulatedOutbox()
    var bulk = SimulatedBulk()
    /// The callers of runs that tasks have started.
    var calls: [RunID: RunCaller] = [:]
    /// The acknowledged decisions of persons, by the run on which they stand.
    var decisions: [RunID: [RunResolution]] = [:]
    var observations = SimulationObservations()
    /// Runs changed since the last check.
    var touched: [RunID] = []
    /// One line per step.
    private(set) var trace: [String] = []
    private var workersSoFar = 0

    init(seed: UInt64, store: any WorkflowStore) {
        random = SeededRandom(seed: seed)
        self.store = store
        for _ in 0..<3 { workers.append(newWorker()) }
    }

    /// Takes the steps of the seed, then lets every run end. Checks the state after each step, and stops at the first complaint.
    func run() async throws {
        try await addReceivers()
        try await addTrigger()
        try await changeLimits()
        for _ in 0..<Self.steps where observations.complaints.isEmpty {
            try await step()
            try await observe()
        }
        if observations.complaints.isEmpty { try await settle() }
        if observations.complaints.isEmpty { try await checkEnd() }
    }

    func newWorker() -> SimulatedWorker {
        workersSoFar += 1
        return SimulatedWorker(name: "worker-\(workersSoFar)")
    }

    func note(_ line: String) {
        trace.append("\(now.milliseconds) \(line)")
    }

    // MARK: Steps

    private func step() async throws {
        if random.chance(0.15) { return try await deliver() }
        if random.chance(0.25) { return try await bulkStep() }
        if random.chance(0.06), try await resolve() { return }
        let index = random.number(in: 0...workers.count - 1)
        switch random.number(in: 0...99) {
        case 0..<9:
            if random.chance(0.3), try await rerun() { return }
            try await submit()
        case 9..<27: try await claim(by: index)
        case 27..<67: try await work(index)
        case 67..<71: try await renew(index)
        case 71..<80: try await rescue(by: index)
        case 80..<84: try await stop()
        case 84..<87: crash(index)
        case 87..<88: try await restart()
        case 88..<92: try await repeatReport()
        case 92..<94: try await changeLimits()
        case 94..<97: pass(.milliseconds(random.number(in: 0...45_000)))
        case 97..<98: hang(index)
        case 98..<99: try await endClosing()
        default: jump(by: .seconds(random.number(in: -7_200...7_200)))
        }
    }

    private func submit() async throws {
        var definitions = randomDefinitions()
        definitions += randomClosingTasks(behind: definitions)
        let configuration = WorkflowConfiguration(
            id: Self.configurations[random.number(in: 0...Self.configurations.count - 1)], name: "Simulated", type: "test/run",
            concurrency: random.chance(0.7) ? random.number(in: 1...2) : nil,
            afterStop: .seconds(random.number(in: 0...120)), stages: [Stage(name: "All", tasks: definitions)])
        let draft = ConfigurationDraft(
            version: ConfigurationVersionID(at: now, using: random), tenant: Self.tenant, configuration: configuration.id,
            name: "Simulated", type: "test/run", source: ConfigurationSource(text: "\(trace.count)", format: .yaml),
            author: StoreBench.someone, concurrency: configuration.concurrency)
        let version = try await store.saveConfiguration(draft, at: now).version
        let plan = try RunPlan(
            configuration, version: version, for: RunRequest(principal: StoreBench.someone), at: now, random: random)
        let created = try await store.createRun(plan, once: nil).details
        self.definitions[version.id] = definitions
        limits.concurrency[configuration.id] = configuration.concurrency
        runs.append(
            Submitted(
                id: created.run.id, configuration: configuration.id, definitions: definitions, afterStop: configuration.afterStop))
        touched.append(created.run.id)
        let tasks = definitions.map {
            "\($0.id)\($0.when == .success ? "" : " \($0.when)")\($0.needs)\(SimulatedLimits.words($0.uses))"
        }
        note("submit \(created.run.id) of \(configuration.id) \(configuration.concurrency ?? 0) \(tasks)")
    }

    private func randomDefinitions() -> [TaskDefinition] {
        (0..<random.number(in: 1...6)).map { index in
            let needs = (0..<index).filter { _ in random.chance(0.35) }.map { "t\($0)" }
            let faults: Set<Attribution> = random.chance(0.3) ? [.platform, .customer] : [.platform]
            return TaskDefinition(
                id: "t\(index)", label: "t\(index)", type: "test.task", needs: needs, forEach: randomItems(),
                action: .command(["work"]),
                timeout: random.chance(0.3) ? .seconds(60) : nil,
                retry: RetryPolicy(
                    attempts: random.number(in: 1...3), firstDelay: .seconds(random.number(in: 0...20)), retries: faults),
                uses: randomUses())
        }
    }

    /// A quarter of the tasks run once for each of a few items, also for none.
    private func randomItems() -> ForEach? {
        guard random.chance(0.25) else { return nil }
        let list = JSONText(.array((0..<random.number(in: 0...4)).map { .integer(Int64($0)) }))
        return ForEach(
            .list(list), maxParallel: random.chance(0.5) ? random.number(in: 1...3) : nil, failsFast: random.chance(0.3))
    }

    private func stop() async throws {
        guard !runs.isEmpty else { return }
        let index = random.number(in: 0...runs.count - 1)
        let before = try await store.run(runs[index].id, of: Self.tenant)?.run.state
        _ = try await store.stopRun(runs[index].id, of: Self.tenant, at: now)
        if before?.hasEnded == false { runs[index].isStopped = true }
        touched.append(runs[index].id)
        note("stop \(runs[index].id)")
    }

    private func crash(_ index: Int) {
        note("crash \(workers[index].name)")
        workers[index] = newWorker()
    }

    /// All workers die, and a service that owns the store alone starts.
    private func restart() async throws {
        for index in workers.indices { workers[index] = newWorker() }
        note("restart")
        bulk.nodes = bulk.nodes.map { _ in nil }
        try await store.releaseBulkOperationsOfAllTenants(at: now)
        for abandoned in try await store.leasesOfAllTenants(notHeldBy: workers[0].name) {
            try await rescue(abandoned, ifExpiredBy: nil)
        }
    }

    func pass(_ duration: Duration) {
        now = now + duration
        elapsed += duration
        note("time passes")
        enforceLeaseEnds()
    }

    /// Sets the clock. If it is set forward, leases expire earlier for the store than for their workers: clocks have to agree.
    private func jump(by duration: Duration) {
        now = now + duration
        note("the clock is set")
        guard duration > .zero else { return }
        for index in workers.indices {
            for place in workers[index].held.indices { workers[index].held[place].isDoubtful = true }
        }
    }

    /// The connections of a worker hang, or recover.
    private func hang(_ index: Int) {
        workers[index].isCutOff.toggle()
        note(workers[index].isCutOff ? "hang \(workers[index].name)" : "\(workers[index].name) is heard again")
    }

    /// A report whose answer was lost long ago is repeated: it changes nothing.
    private func repeatReport() async throws {
        guard let (lease, event) = random.element(of: reported) else { return }
        let before = try await details(of: lease.run)
        let receipt = try await store.commit(event, under: lease, at: now)
        touched.append(lease.run)
        note("repeat \(event.kind) \(lease.task) \(lease.attempt): \(receipt)")
        if try await details(of: lease.run) != before {
            observations.complain("a repeated report of \(event.kind) changed \(lease.task)")
        }
    }

    // MARK: The end

    /// Without further losses and crashes, everything must end, and unsuccessful runs are rerun.
    private func settle() async throws {
        try await restoreLimits()
        for index in workers.indices { workers[index].isCutOff = false }
        try await settleBulk()
        for _ in 0..<3 {
            try await finish()
            for _ in 0..<3 where observations.complaints.isEmpty { _ = try await rerun() }
        }
        try await finish()
        if observations.complaints.isEmpty { try await settleAlerts() }
    }

    private func finish() async throws {
        for _ in 0..<200 where observations.complaints.isEmpty {
            pass(.seconds(600))
            if random.chance(0.5) { try await endClosing() }
            for index in workers.indices {
                try await rescue(by: index)
                try await claim(by: index, isReliable: true)
                while !workers[index].held.isEmpty { try await work(index, isReliable: true) }
            }
            try await observe()
            if observations.ended.count == runs.count { return }
        }
        if observations.complaints.isEmpty { observations.complain("not every run has ended") }
    }
}
