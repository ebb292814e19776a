import WorkflowModel
import WorkflowTestKit

extension Simulation {
    /// Closing tasks behind the others: each needs some of the tasks before it.
    func randomClosingTasks(behind definitions: [TaskDefinition]) -> [TaskDefinition] {
        var all = definitions
        for number in 0..<random.number(in: 0...2) {
            var needs = all.map(\.id).filter { _ in random.chance(0.6) }
            if needs.isEmpty { needs = [all[random.number(in: 0...definitions.count - 1)].id] }
            all.append(
                TaskDefinition(
                    id: "c\(number)", label: "c\(number)", type: "test.closing", when: random.chance(0.6) ? .always : .failure,
                    needs: needs, action: .command(["work"]), timeout: random.chance(0.3) ? .seconds(60) : nil,
                    retry: RetryPolicy(attempts: random.number(in: 1...3), firstDelay: .seconds(random.number(in: 0...20))),
                    uses: randomUses()))
        }
        return Array(all.dropFirst(definitions.count))
    }

    /// A node looks for stopped runs whose closing tasks have had their time.
    func endClosing() async throws {
        let due = Set(runs.filter { observations.ended[$0.id] == nil && $0.isStopped }.map(\.id))
        let limit = random.number(in: 1...3)
        let changed = try await store.endClosingOfAllTenants(at: now, limit: limit)
        for run in changed {
            touched.append(run)
            note("deadline \(run)")
            guard due.contains(run), let details = try await store.run(run, of: Self.tenant) else {
                observations.complain("the closing tasks of \(run) were ended without a stop")
                continue
            }
            if let end = details.closingUntil, end > now {
                observations.complain("the closing tasks of \(run) had time until \(end)")
            }
            for task in details.tasks where !task.state.hasEnded && task.state != .stopping {
                observations.complain("\(task.id) is \(task.state) after the deadline")
            }
        }
        guard changed.count < limit else { return }
        for id in due {
            guard let details = try await store.run(id, of: Self.tenant), let end = details.closingUntil, end <= now else {
                continue
            }
            if details.tasks.contains(where: { !$0.state.hasEnded && $0.state != .stopping }) {
                observations.complain("\(id) still has closing tasks after its deadline")
            }
        }
    }

    /// A closing task runs when everything that it needs has ended, and is told what happened until then.
    /// - Parameter isLate: whether more may have happened since the claim.
    func checkClosing(_ claimed: ClaimedTask, as definition: TaskDefinition, isLate: Bool) async throws {
        guard let details = try await store.run(claimed.lease.run, of: Self.tenant), let soFar = claimed.soFar else {
            observations.complain("\(claimed.lease.task) is not told what happened")
            return
        }
        let states = Dictionary(details.tasks.map { ($0.definitionID, $0.state) }, uniquingKeysWith: { first, _ in first })
        for need in definition.needs where states[need]?.hasEnded != true {
            observations.complain("\(claimed.lease.task) was claimed before \(need) had ended")
        }
        // A task that a person settled has outputs too.
        let settled = Set(details.tasks.lazy.filter { $0.resolution != nil }.map(\.definitionID))
        if Set(claimed.inputs.keys) != Set(definition.needs.filter { states[$0] == .succeeded || settled.contains($0) }) {
            observations.complain("\(claimed.lease.task) got the outputs of \(claimed.inputs.keys.sorted())")
        }
        if details.run.state == .stopping { note("closing \(claimed.lease.task) after the stop") }
        let needsStoppedItems = details.tasks.contains { task in
            task.fan != nil && task.state == .canceled && definition.needs.contains(task.definitionID)
        }
        if needsStoppedItems { note("stopped-items before \(claimed.lease.task)") }
        guard !isLate else { return }
        if (details.run.state == .stopping) != (soFar.outcome == .stopped) {
            observations.complain("\(claimed.lease.task) is told \(soFar) in a run that is \(details.run.state)")
        }
        if soFar.failedTasks != details.tasks.filter({ $0.state == .failed }).map(\.definitionID) {
            observations.complain("\(claimed.lease.task) is told \(soFar)")
        }
    }

    /// Every closing task of a run that has ended ran, or there is a reason why it did not.
    func checkClosingTasks(of run: Submitted, _ details: WorkflowRunDetails) {
        let tasks = Dictionary(details.tasks.map { ($0.definitionID, $0) }, uniquingKeysWith: { first, _ in first })
        let needs = Dictionary(run.definitions.map { ($0.id, $0.needs) }, uniquingKeysWith: { first, _ in first })
        func leadsToFailure(_ ids: [String]) -> Bool {
            ids.contains { tasks[$0]?.state == .failed || leadsToFailure(needs[$0] ?? []) }
        }
        let isStopped = details.run.state == .canceled
        for definition in run.definitions where definition.when.isClosing {
            guard let task = tasks[definition.id] else { continue }
            let hasReason = definition.when == .always || leadsToFailure(definition.needs)
            switch task.state {
            case .skipped where task.resolution != nil: break
            case .skipped where hasReason: observations.complain("\(task.id) was skipped, though it had a reason to run")
            case .canceled where !isStopped: observations.complain("\(task.id) was canceled without a stop")
            case .succeeded, .failed:
                if task.attempts == 0, task.resolution == nil { observations.complain("\(task.id) ended without an attempt") }
                // A failure that a person settled later was a reason.
                if !hasReason, !isStopped, details.resolutions.isEmpty {
                    observations.complain("\(task.id) ran, though nothing had failed")
                }
            default: break
            }
        }
    }
}
