import WorkflowModel
import WorkflowTestKit

// Persons settle tasks while workers crash and answers are lost.
extension Simulation {
    private static let person = Principal(id: "wk_ada", name: "Ada")

    /// A person settles a task of a run, in place or by a rerun.
    /// - Returns: whether there was a candidate.
    func resolve() async throws -> Bool {
        var candidates: [(run: Submitted, task: TaskInstance)] = []
        for run in runs {
            guard let details = try await details(of: run.id) else { continue }
            let isOpen = !details.run.state.hasEnded
            let states: Set<TaskState> = isOpen ? [.running, .failed, .inProgress] : [.failed, .canceled]
            // A rerun runs closing tasks again as a whole.
            let groups = Set(details.tasks.filter { states.contains($0.state) && (isOpen || !$0.when.isClosing) }.map(\.id))
            let items = details.items.filter { item in item.id.asItem.map { groups.contains($0.group) } ?? false }
            let tasks = details.tasks.filter { !isOpen || $0.fan == nil || $0.state == .failed }
            candidates += (tasks + items).filter { $0.state.canBeResolved || ($0.state == .canceled && !isOpen) }.map {
                (run: run, task: $0)
            }
        }
        guard let (run, task) = random.element(of: candidates), let before = try await details(of: run.id) else {
            return false
        }
        if before.run.state.hasEnded {
            return try await carryDecision(about: task, of: before, run)
        }
        let resolution = random.element(of: [Resolution.retry, .skip, .succeed]) ?? .retry
        let order = decision(resolution, of: random.chance(0.2) ? .allFailed : .one(task.id))
        let outcome = try await store.resolve(order, in: run.id, of: Self.tenant)
        touched.append(run.id)
        guard case .resolved(let after) = outcome else {
            note("resolve \(task.id) \(resolution.rawValue): refused")
            check(outcome, of: order, about: before)
            return true
        }
        note("resolve \(task.id) \(resolution.rawValue): resolved")
        decisions[run.id, default: []] += after.resolutions.dropFirst(before.resolutions.count)
        checkChange(from: before, to: after, by: order)
        // The items of a task that is tried again begin again, too.
        for item in before.items { observations.endedTasks[item.id] = nil }
        // The answer was lost, and the person asks again.
        if resolution != .retry, case .one = order.tasks, random.chance(0.3) {
            let again = try await store.resolve(order, in: run.id, of: Self.tenant)
            if case .resolved = again { observations.complain("\(task.id) was settled twice") }
        }
        return true
    }

    private func decision(_ resolution: Resolution, of tasks: ResolutionOrder.Tasks) -> ResolutionOrder {
        let outputs = resolution.takesOutputs && random.chance(0.5) ? JSONText(validated: #"{"given":1}"#) : nil
        return ResolutionOrder(resolution, of: tasks, outputs: outputs, by: Self.person, at: now, reason: "seeded")
    }

    private func check(_ outcome: ResolutionOutcome, of order: ResolutionOrder, about before: WorkflowRunDetails) {
        switch outcome {
        case .refused(.isStopping) where before.run.state == .stopping: break
        case .refused(.nothingFailed) where order.tasks == .allFailed && !before.tasks.contains { $0.state == .failed }: break
        default: observations.complain("a decision about \(before.run.id) had the outcome \(outcome)")
        }
    }

    /// Only failed tasks, and those that were skipped because of them, begin again.
    func checkChange(from before: WorkflowRunDetails, to after: WorkflowRunDetails, by order: ResolutionOrder) {
        for (old, new) in zip(before.tasks, after.tasks) where old != new {
            let isDecided = after.resolutions.dropFirst(before.resolutions.count).contains { $0.task == old.id }
            let isRestored = old.skipReason == .failedNeed && new.state == .scheduled
            let isReady = old.state == .scheduled && new.state == .scheduled
            // A closing task that would have run after the failure.
            let isNeedless = old.state == .scheduled && new.skipReason == .noFailure
            // It goes on with an item that was settled.
            let isGroup = old.fan != nil
            if !isDecided, !isRestored, !isReady, !isNeedless, !isGroup {
                observations.complain("\(old.id) changed from \(old.state) to \(new.state)")
            }
            if isDecided, !old.state.canBeResolved { observations.complain("\(old.id) was settled as \(old.state)") }
            observations.endedTasks[old.id] = nil
        }
    }

    private func carryDecision(about task: TaskInstance, of old: WorkflowRunDetails, _ run: Submitted) async throws -> Bool {
        guard let launched = old.launchedVersion,
            let version = try await store.configurationVersion(launched, of: Self.tenant)
        else { return false }
        let configuration = WorkflowConfiguration(
            id: version.configuration, name: version.name, type: version.type,
            stages: [Stage(name: "All", tasks: run.definitions)])
        let order = decision(random.element(of: Resolution.allCases) ?? .retry, of: .one(task.id))
        let plan = try RunPlan(
            configuration, version: version, doingOver: Rerun(of: old, carrying: order), at: now, random: random)
        let carriers = runs.filter { $0.rerunOf == old.run.id && decisions[$0.id] != nil }
        var hasCarrier = false
        for carrier in carriers {
            if try await store.run(carrier.id, of: Self.tenant)?.run.state.hasEnded == false { hasCarrier = true }
        }
        do {
            _ = try await store.createRun(plan, once: nil)
            if hasCarrier { observations.complain("two reruns of \(old.run.id) carry decisions") }
        } catch let refusal as ResolutionRefusal {
            note("carry \(order.resolution.rawValue) of \(task.id): refused")
            if !hasCarrier { observations.complain("\(old.run.id) was refused a decision: \(refusal)") }
            return true
        }
        var rerun = Submitted(id: plan.id, configuration: run.configuration, definitions: run.definitions, rerunOf: old.run.id)
        for planned in plan.tasks where planned.kept != nil { rerun.kept[planned.definitionID] = planned.kept?.origin }
        decisions[plan.id] = plan.resolutions
        runs.append(rerun)
        touched.append(plan.id)
        note("carry \(order.resolution.rawValue) of \(task.id) in \(plan.id)")
        return true
    }

    /// Every acknowledged decision is there once, and the run says whether any of its tasks is failed.
    func observeDecisions(of details: WorkflowRunDetails) {
        if details.resolutions != decisions[details.run.id] ?? [] {
            observations.complain("\(details.run.id) has the decisions \(details.resolutions)")
        }
        guard !details.run.state.hasEnded, details.run.state != .stopping else { return }
        let hasFailed = details.tasks.contains { $0.state == .failed }
        let hasFailedItem = details.tasks.contains { !$0.state.hasEnded && ($0.fan?.counts?.failed ?? 0) > 0 }
        // Until a task begins, a list of items that has failed does not begin the run.
        let tells = details.run.state == .scheduled ? hasFailed : details.run.state == .runningWithFailures
        if tells != (hasFailed || hasFailedItem) || (details.run.error != nil) != hasFailed {
            observations.complain(
                "\(details.run.id) is \(details.run.state) with the error \(details.run.error?.message ?? "none")")
        }
    }
}
