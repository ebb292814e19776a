import WorkflowModel
import WorkflowTestKit

/// The tenant's limits, as last saved.
struct SimulatedLimits {
    /// By configuration.
    var concurrency: [String: Int] = [:]
    var tasksAtOnce: Int?
    var resources: [String: Int] = [:]
    /// Runs with at least one task that was claimed.
    var takenUp: Set<RunID> = []

    var haveMadeSomebodyWait = false

    func size(of limit: Limit) -> Int? {
        switch limit {
        case .tasks: tasksAtOnce
        case .runs(let configuration): concurrency[configuration]
        case .resource(let name): resources[name]
        }
    }

    /// `lake:1 warehouse:2`
    static func words(_ units: [String: Int]) -> String {
        units.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }.joined(separator: " ")
    }
}

extension Simulation {
    static let resources = ["lake", "warehouse"]
    /// A task that asks for more than the largest size would wait forever.
    static let mostUnits = 3

    /// Changes a limit at random.
    func changeLimits() async throws {
        limits.tasksAtOnce = random.chance(0.5) ? random.number(in: 1...5) : nil
        limits.resources = [:]
        for resource in Self.resources where random.chance(0.8) {
            limits.resources[resource] = random.number(in: 1...Self.mostUnits)
        }
        try await saveLimits()
    }

    /// Limits that let every task run eventually, and still make some of them wait.
    func restoreLimits() async throws {
        limits.tasksAtOnce = 2
        limits.resources = Dictionary(uniqueKeysWithValues: Self.resources.map { ($0, Self.mostUnits) })
        try await saveLimits()
    }

    private func saveLimits() async throws {
        try await store.saveSettings(
            TenantSettings(tenant: Self.tenant, tasksAtOnce: limits.tasksAtOnce, resources: limits.resources))
        note("limits \(limits.tasksAtOnce ?? 0) \(SimulatedLimits.words(limits.resources))")
    }

    func randomUses() -> [String: Int] {
        var uses: [String: Int] = [:]
        for resource in Self.resources where random.chance(0.3) { uses[resource] = random.number(in: 1...Self.mostUnits) }
        return uses
    }

    /// A newly admitted task fits its limits. Tasks admitted before a limit was lowered may still run.
    func checkLimits(after claimed: [ClaimedTask]) async throws {
        guard !claimed.isEmpty else { return }
        let held = try await store.leasesOfAllTenants(notHeldBy: "")
        if let most = limits.tasksAtOnce, held.count > most { observations.complain("\(held.count) tasks of \(most) are held") }
        // One that goes on has kept its units.
        let new = claimed.filter { $0.resumed == nil }.map { uses(of: $0.definitionID, in: $0.version) }
        let waiting = try await unitsHeldOutside(beside: Set(held.map(\.lease.task)))
        for (resource, size) in limits.resources where new.contains(where: { $0[resource] != nil }) {
            let taken =
                held.reduce(0) { $0 + (uses(of: $1.definitionID, in: $1.version)[resource] ?? 0) }
                + waiting.reduce(0) { $0 + ($1[resource] ?? 0) }
            if taken > size { observations.complain("\(taken) of \(size) units of \(resource) are taken") }
        }
        var grown: Set<String> = []
        for task in claimed where limits.takenUp.insert(task.lease.run).inserted {
            if let run = runs.first(where: { $0.id == task.lease.run }) { grown.insert(run.configuration) }
        }
        for configuration in grown { try await checkConcurrency(of: configuration) }
    }

    /// The units of tasks that wait for work outside.
    private func unitsHeldOutside(beside held: Set<TaskID>) async throws -> [[String: Int]] {
        var units: [[String: Int]] = []
        for run in runs where observations.ended[run.id] == nil {
            guard let details = try await details(of: run.id) else { continue }
            for task in details.tasks + details.items where task.state.isHeld && task.fan == nil && !held.contains(task.id) {
                units.append(run.definitions.first { $0.id == task.definitionID }?.uses ?? [:])
            }
        }
        return units
    }

    private func checkConcurrency(of configuration: String) async throws {
        guard let most = limits.concurrency[configuration] else { return }
        var going = 0
        for run in runs where run.configuration == configuration && limits.takenUp.contains(run.id) {
            if let details = try await store.run(run.id, of: Self.tenant), !details.run.state.hasEnded { going += 1 }
        }
        if going > most { observations.complain("\(going) runs of \(most) of \(configuration) are under way") }
    }

    private func uses(of definition: String, in version: ConfigurationVersionID) -> [String: Int] {
        definitions[version]?.first { $0.id == definition }?.uses ?? [:]
    }
}
