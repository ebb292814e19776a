import WorkflowModel
import WorkflowTestKit

/// Earlier observations that must never change, and complaints.
struct SimulationObservations {
    var ended: [RunID: WorkflowRunDetails] = [:]
    var endedTasks: [TaskID: TaskInstance] = [:]
    var endedAttempts: [Attempt: TaskAttemptRecord] = [:]
    var endedAlerts: [String: Alert] = [:]
    var complaints: [String] = []

    struct Attempt: Hashable {
        var task: TaskID
        var number: Int
    }

    mutating func complain(_ complaint: String) {
        complaints.append(complaint)
    }
}

extension Simulation {
    /// Checks all changed runs, and sometimes another one.
    func observe() async throws {
        for run in runs where touched.contains(run.id) { try await observe(run) }
        touched = []
        if random.chance(0.1), let run = random.element(of: runs) { try await observe(run) }
        try await observeAlerts()
        try await observeFirings()
        if random.chance(0.1) { try await checkStore() }
    }

    /// Verifies derived data, and that no task waits for a limit with free slots.
    private func checkStore() async throws {
        for finding in try await store.checkOfAllTenants(repairing: false, at: now) {
            observations.complain("the store has \(finding)")
        }
    }

    private func observe(_ run: Submitted) async throws {
        guard var details = try await details(of: run.id) else {
            observations.complain("the acknowledged run \(run.id) is gone")
            return
        }
        // The current version belongs to the configuration, which continues to change.
        details.currentVersion = nil
        if let before = observations.ended[run.id], before != details { observations.complain("\(run.id) changed after its end") }
        if details.run.state.hasEnded, observations.ended.updateValue(details, forKey: run.id) == nil {
            try await observeCaller(of: details)
        }
        if details.origin.rerunOf != run.rerunOf {
            observations.complain("\(run.id) does \(details.origin.rerunOf?.rawValue ?? "no run") over")
        }
        for task in details.tasks + details.items {
            if let before = observations.endedTasks[task.id], before != task {
                observations.complain("\(task.id) changed after its end")
            }
            if task.state.hasEnded { observations.endedTasks[task.id] = task }
            if task.item == nil, task.keptFrom != run.kept[task.definitionID] {
                observations.complain("\(task.id) was kept from \(task.keptFrom?.rawValue ?? "no run")")
            }
            if task.keptFrom != nil, (task.state != .succeeded && task.resolution == nil) || task.attempts > 0 {
                observations.complain("\(task.id) was kept and is \(task.state) after \(task.attempts) attempts")
            }
            if task.attempts != claims[task.id] ?? 0 { observations.complain("\(task.id) has not as many attempts as claims") }
        }
        observeItems(of: details)
        observeDecisions(of: details)
        try await observeAttempts(of: details)
        if !details.run.state.hasEnded { try await observeWaiting(of: run) }
    }

    /// A run with the items of its groups.
    func details(of id: RunID) async throws -> WorkflowRunDetails? {
        guard var details = try await store.run(id, of: Self.tenant) else { return nil }
        details.items = try await store.items(matching: TaskItemQuery(of: id, tenant: Self.tenant, limit: 1_000))
        return details
    }

    /// The counts of a group are those of its items, which follow its limits.
    private func observeItems(of details: WorkflowRunDetails) {
        for group in details.tasks where group.keptFrom == nil {
            guard let fan = group.fan, let counts = fan.counts else { continue }
            let items = details.items.filter { $0.id.asItem?.group == group.id }
            func number(_ state: TaskState) -> Int { items.count { $0.state == state } }
            let isCounted =
                items.count == counts.total && number(.succeeded) == counts.succeeded && number(.failed) == counts.failed
                && number(.canceled) == counts.canceled && number(.skipped) == counts.skipped && counts.active >= 0
                && counts.waiting >= 0
            if !isCounted { observations.complain("\(group.id) counts \(counts), but its items are \(items.map(\.state))") }
            let held = items.count { $0.state.isHeld }
            if held > counts.active { observations.complain("\(group.id) has \(held) items at work, and counts \(counts.active)") }
            let hasOpen = items.contains { !$0.state.hasEnded }
            if group.state.hasEnded, group.resolution == nil, hasOpen {
                observations.complain("\(group.id) ended before its items")
            }
        }
    }

    /// A task that waits for a limit names an existing limit, and one that asks for too much really does.
    private func observeWaiting(of run: Submitted) async throws {
        for task in try await store.waitReasons(of: run.id, tenant: Self.tenant, at: now)?.tasks ?? [] {
            guard case .limit(let limit) = task.reason else { continue }
            limits.haveMadeSomebodyWait = true
            guard let size = limits.size(of: limit.queue.limit), limit.size == size else {
                observations.complain("\(task.id) waits for \(limit.queue.rawValue), of which there are \(limit.size ?? 0)")
                continue
            }
            if limit.queue.exceedsSize, limit.units <= size {
                observations.complain("\(task.id) asks for \(limit.units) of \(size) in \(limit.queue.rawValue)")
            }
        }
    }

    private func observeAttempts(of details: WorkflowRunDetails) async throws {
        let records = try await store.attempts(of: details.run.id, tenant: Self.tenant)
        for task in details.tasks + details.items {
            let numbers = records.filter { $0.task == task.id }.map(\.number).sorted()
            if numbers != Array(1..<task.attempts + 1) { observations.complain("\(task.id) has the attempts \(numbers)") }
            let open = records.filter { $0.task == task.id && $0.endedAt == nil }
            if open.count != (task.state.isHeld && task.fan == nil ? 1 : 0) {
                observations.complain("\(task.id) is \(task.state) with \(open.count) attempts in progress")
            }
        }
        for record in records where record.endedAt != nil {
            let attempt = SimulationObservations.Attempt(task: record.task, number: record.number)
            if let before = observations.endedAttempts[attempt], before != record {
                observations.complain("a second result was taken for attempt \(record.number) at \(record.task)")
            }
            observations.endedAttempts[attempt] = record
        }
    }

    /// A claimed task can rely on everything that it needs.
    func checkNeeds(of definition: TaskDefinition, in run: RunID) async throws {
        let tasks = try await store.run(run, of: Self.tenant)?.tasks ?? []
        for need in definition.needs
        where !tasks.contains(where: { $0.definitionID == need && ($0.state == .succeeded || $0.resolution == .skip) }) {
            observations.complain("\(definition.id) of \(run) was claimed before \(need) had succeeded")
        }
    }

    /// Checks the final state.
    func checkEnd() async throws {
        // Answers that were lost do not count; what the workers still hold must be nothing.
        if workers.contains(where: { !$0.held.isEmpty }) { observations.complain("a worker still holds something") }
        if try await !store.leasesOfAllTenants(notHeldBy: "").isEmpty { observations.complain("a lease is left") }
        let later = Timestamp.latest
        if try await !store.claimTasksOfAllTenants(TaskClaim(limit: 1, worker: "late", until: later), at: later).isEmpty {
            observations.complain("a task can still be claimed")
        }
        for run in runs { checkEnd(of: run) }
        try await checkEndOfBulk()
        try await checkStore()
        try await observeAlerts()
        let reached = observations.endedAlerts.values.filter { $0.state == .delivered }.count
        if reached != observations.endedAlerts.count { observations.complain("alerts were given up while receivers answer") }
    }

    private func checkEnd(of run: Submitted) {
        guard let details = observations.ended[run.id] else {
            observations.complain("\(run.id) has not ended")
            return
        }
        // A task that a person skipped counts as one that succeeded.
        let states = Dictionary(
            details.tasks.map { ($0.definitionID, $0.resolution == nil ? $0.state : .succeeded) },
            uniquingKeysWith: { first, _ in first })
        checkClosingTasks(of: run, details)
        for definition in run.definitions where states[definition.id] == .skipped && !definition.when.isClosing {
            if !definition.needs.contains(where: { states[$0] == .failed || states[$0] == .skipped }) {
                observations.complain("\(definition.id) of \(run.id) was skipped, though nothing that it needs had failed")
            }
        }
        let expected: RunState =
            if states.values.contains(.canceled) || (run.isStopped && details.run.state == .canceled) {
                .canceled
            } else if states.values.contains(.failed) {
                .failed
            } else {
                .succeeded
            }
        if details.run.state != expected { observations.complain("\(run.id) ended as \(details.run.state), not as \(expected)") }
        if expected == .canceled, !run.isStopped { observations.complain("\(run.id) was canceled without a stop request") }
        if expected == .succeeded, details.run.error != nil { observations.complain("\(run.id) succeeded with an error") }
        if expected != .succeeded, details.run.error == nil { observations.complain("\(run.id) ended without an error") }
    }
}
