import Logging
import WorkflowEngine
import WorkflowModel
import WorkflowTestKit

/// Several nodes decide about the firings of triggers over one store, with every interruption between reading and writing. A seed decides
/// the steps.
///
/// Store and decisions are the real ones. Simulated are the order of the nodes, lost answers, changes of the configurations, and the clock.
final class TriggerSimulation {
    struct Node {
        var read: [TriggerFiring] = []
        var decided: [FiringDecision] = []
    }

    static let steps = 220
    static let tenant = StoreBench.acme
    static let configurations = ["c-0", "c-1", "c-2", "c-3"]

    let random: SeededRandom
    let store: any WorkflowStore
    let work: TriggerWork
    var now = Timestamp(milliseconds: 1_795_478_400_000)
    var nodes = [Node(), Node(), Node()]
    /// The current triggers of each configuration that exists.
    var triggers: [String: [AfterTrigger]] = [:]
    /// The pause of each configuration that is paused, or was.
    var pauses: [String: WorkflowPause] = [:]
    /// The ids of all firings that have to be there.
    var expected: Set<String> = []
    /// The last observed state of every firing.
    var seen: [String: TriggerFiring] = [:]
    private(set) var complaints: [String] = []
    private(set) var trace: [String] = []
    private var versions = 0

    init(seed: UInt64, store: any WorkflowStore) {
        random = SeededRandom(seed: seed)
        self.store = store
        work = TriggerWork(
            store: store, time: TestClock(), random: random,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    /// Takes the steps of the seed, then decides about everything that waits. Checks every firing after each step, and stops at the first
    /// complaint.
    func run() async throws {
        for id in Self.configurations { try await save(id) }
        for _ in 0..<Self.steps where complaints.isEmpty {
            try await step()
            try await observe()
        }
        if complaints.isEmpty { try await settle() }
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
        case 9..<17: try await start(id)
        case 17..<42: try await endSomeRun()
        case 42..<56: try await read(node)
        case 56..<72: try await decide(node)
        case 72..<87: try await record(node)
        case 87..<90:
            note("crash")
            nodes[node] = Node()
        case 90..<92: try await pause(id)
        case 92..<94: try await resume(id)
        default: pass(.seconds(random.number(in: -600...900)))
        }
    }

    private func pass(_ duration: Duration) {
        now = now + duration
        note("time passes")
    }

    private func save(_ id: String) async throws {
        versions += 1
        let sources = Self.configurations.filter { $0 != id && random.chance(0.5) }
        let lines = sources.map { source in
            "  - {after: \(source), on: [\(TriggerEnd.allCases[random.number(in: 0...2)].rawValue)], "
                + "parameters: {cause: \"\(random.chance(0.8) ? "${trigger.run_id}" : "${trigger.parameters.none}")\"}}"
        }
        let text = """
            id: \(id)
            name: Version \(versions)
            type: test/run
            parameters: {cause: {type: string, required: false}}
            \(lines.isEmpty ? "" : "triggers:\n\(lines.joined(separator: "\n"))")
            stages: [{name: All, tasks: [{id: t, type: test.task, command: ["true"]}]}]
            """
        let source = ConfigurationSource(text: text, format: .yaml)
        let configuration = try ConfigurationReader().read(source, file: id)
        let draft = ConfigurationDraft(
            version: ConfigurationVersionID(at: now, using: random), tenant: Self.tenant, configuration: id,
            name: configuration.name,
            type: configuration.type, source: source, author: StoreBench.someone, triggers: configuration.afterTriggers)
        _ = try await store.saveConfiguration(draft, at: now)
        triggers[id] = configuration.afterTriggers
        note("save \(id) after \(configuration.afterTriggers.map { "\($0.source) \($0.storedText)" })")
    }

    private func delete(_ id: String) async throws {
        _ = try await store.deleteConfiguration(id, of: Self.tenant, at: now)
        (triggers[id], pauses[id]) = (nil, nil)
        note("delete \(id)")
    }

    private func pause(_ id: String) async throws {
        let end = random.chance(0.7) ? now + .seconds(random.number(in: 1...1_800)) : nil
        let pause = WorkflowPause(reason: "\(trace.count)", pausedBy: StoreBench.someone, since: now, until: end)
        pauses[id] = try await store.pause(id, of: Self.tenant, with: pause)
        note("pause \(id) until \(end?.iso8601 ?? "resumed")")
    }

    private func resume(_ id: String) async throws {
        _ = try await store.resume(id, of: Self.tenant, at: now)
        if let pause = pauses[id], pause.isInForce(at: now) { pauses[id]?.until = now }
        note("resume \(id)")
    }

    private func start(_ id: String) async throws {
        guard let version = try await store.configuration(id, of: Self.tenant) else { return }
        let configuration = try ConfigurationReader.ofAcceptedText.read(version.source, file: id)
        let plan = try RunPlan(
            configuration, version: version, for: RunRequest(principal: StoreBench.someone), at: now, random: random)
        _ = try await store.createRun(plan, once: nil)
        note("start \(plan.id) of \(id)")
    }

    private func endSomeRun() async throws {
        guard let claimed = try await store.claimTasksOfAllTenants(TaskClaim(limit: 1, worker: "w", until: .latest), at: now).first
        else { return }
        let lease = claimed.lease
        let error = RunError(attribution: .customer, type: "test/failed", message: "It failed.")
        switch random.number(in: 0...3) {
        case 0: _ = try await store.stopRun(lease.run, of: Self.tenant, at: now)
        default: _ = try await store.commit(.began, under: lease, at: now)
        }
        let event: TaskEvent = random.chance(0.6) ? .succeeded(TaskOutput()) : .failed(error)
        _ = try await store.commit(event, under: lease, at: now)
        // After a lost answer the report is repeated.
        if random.chance(0.2) { _ = try await store.commit(event, under: lease, at: now) }
        guard let run = try await store.run(lease.run, of: Self.tenant)?.run, run.state.hasEnded,
            let source = run.origin.configuration
        else { return complain("\(lease.run) has not ended") }
        for (id, triggers) in triggers
        where triggers.contains(where: { $0.source == source && $0.on.contains { $0.covers(run.state) } }) {
            let firing = TriggerFiring(
                of: id, tenant: Self.tenant, after: run.id, of: source, in: run.state, startedBy: run.origin.trigger, endedAt: now,
                at: now)
            expected.insert(firing.id)
        }
        note("end \(run.id) of \(source): \(run.state)")
    }

    private func read(_ node: Int) async throws {
        nodes[node].read = try await store.waitingFiringsOfAllTenants(at: now, limit: random.number(in: 1...4))
        note("read \(nodes[node].read.count)")
    }

    private func decide(_ node: Int) async throws {
        guard !nodes[node].read.isEmpty else { return }
        let decision = try await work.decision(about: nodes[node].read.removeFirst(), at: now)
        nodes[node].decided.append(decision)
        note("decide \(decision.firing.id): \(decision.firing.outcome)")
    }

    /// The decision may be outdated.
    private func record(_ node: Int) async throws {
        guard !nodes[node].decided.isEmpty else { return }
        let decision = nodes[node].decided.removeFirst()
        let receipt = try await store.record(decision, at: now)
        // After a lost answer the same decision is submitted again.
        if random.chance(0.2) { nodes[node].decided.append(decision) }
        note("record \(decision.firing.id): \(receipt.word)")
        guard case .recorded(let firing) = receipt, seen[firing.id]?.outcome == .waiting else { return }
        let isHeld = pauses[firing.configuration]?.skips(firing.firedAt) == true
        if firing.outcome == .started, isHeld { complain("\(firing.id) started a run before the end of a pause") }
        if firing.outcome == .paused, !isHeld { complain("\(firing.id) was held back without a pause") }
        if firing.outcome == .started, triggers[firing.configuration] == nil { complain("\(firing.id) started a deleted workflow") }
    }

    // MARK: Observations

    /// Each end of a run has its firings, each of them has one outcome, and each run of a trigger is that of one firing.
    private func observe() async throws {
        var found: [String: TriggerFiring] = [:]
        for id in Self.configurations {
            let query = FiringQuery(tenant: Self.tenant, configuration: id, limit: 100_000)
            for firing in try await store.firings(matching: query).firings { found[firing.id] = firing }
        }
        if Set(found.keys) != expected {
            complain("firings are \(found.keys.sorted()), not \(expected.sorted())")
        }
        for (id, firing) in found {
            if let before = seen[id], before.outcome != .waiting, before != firing { complain("\(id) changed after its outcome") }
            if (firing.outcome == .cut) != (firing.depth > TriggerLimits.chain) { complain("\(id) is \(firing.outcome)") }
        }
        seen = found
        var query = RunQuery(tenant: Self.tenant, limit: 1_000)
        query.budget = StoreBench.patience
        let runs = try await store.runs(matching: query).runs
        var started: [String: RunID] = [:]
        for run in runs {
            guard let trigger = run.origin.trigger else { continue }
            if let other = started.updateValue(run.id, forKey: trigger.firing) {
                complain("\(run.id) and \(other) have one firing")
            }
            if found[trigger.firing]?.run != run.id || found[trigger.firing]?.trigger != trigger {
                complain("\(run.id) names \(trigger.firing), which does not name it")
            }
        }
        if started.count != found.values.count(where: { $0.outcome == .started }) { complain("a firing has no run") }
    }

    // MARK: The end

    /// Without further crashes and ends of runs, every firing gets an outcome.
    private func settle() async throws {
        now = now + .seconds(3_600)
        for _ in 0..<200 where complaints.isEmpty {
            try await read(0)
            if nodes[0].read.isEmpty { return }
            while !nodes[0].read.isEmpty { try await decide(0) }
            while !nodes[0].decided.isEmpty { try await record(0) }
            try await observe()
        }
        if complaints.isEmpty { complain("firings never come to an end") }
    }
}

extension FiringReceipt {
    fileprivate var word: String {
        switch self {
        case .recorded(let firing): "written \(firing.outcome)"
        case .decided: "late"
        case .gone: "gone"
        }
    }
}
