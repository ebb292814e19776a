import WorkflowModel
import WorkflowTestKit

extension Simulation {
    /// Reruns a run that did not succeed.
    /// - Returns: whether there was one.
    func rerun() async throws -> Bool {
        let ended = runs.filter { run in observations.ended[run.id].map { $0.run.state != .succeeded } ?? false }
        guard let run = random.element(of: ended), let old = observations.ended[run.id], let launched = old.launchedVersion,
            let version = try await store.configurationVersion(launched, of: Self.tenant)
        else { return false }
        let configuration = WorkflowConfiguration(
            id: version.configuration, name: version.name, type: version.type, afterStop: run.afterStop,
            stages: [Stage(name: "All", tasks: run.definitions)])
        // A run that was stopped when only closing tasks were left may have nothing to do over.
        let hasFailure = old.tasks.contains { $0.state != .succeeded && $0.state != .skipped }
        let start: RerunStart = random.chance(0.8) && hasFailure ? .failure : .start
        let plan = try RunPlan(
            configuration, version: version, doingOver: Rerun(of: old, from: start, by: StoreBench.someone), at: now, random: random
        )
        let created = try await store.createRun(plan, once: nil).details
        var rerun = Submitted(
            id: created.run.id, configuration: run.configuration, definitions: run.definitions, rerunOf: old.run.id,
            afterStop: run.afterStop)
        // A rerun from the failure repeats no task that succeeded, because everything that such a task needs had succeeded too. Closing
        // tasks always run again.
        for task in old.tasks
        where start == .failure && !task.when.isClosing && (task.state == .succeeded || task.resolution != nil) {
            rerun.kept[task.definitionID] = task.keptFrom ?? old.run.id
        }
        runs.append(rerun)
        touched.append(created.run.id)
        note("rerun \(created.run.id) of \(run.id) from \(start.rawValue), \(rerun.kept.count) kept")
        try await checkOutputs(of: created, keptFrom: old)
        return true
    }

    /// The outputs of a kept task are stored in the rerun, independently of the old run.
    private func checkOutputs(of rerun: WorkflowRunDetails, keptFrom old: WorkflowRunDetails) async throws {
        for task in rerun.tasks where task.keptFrom != nil {
            let values = try await store.values(of: task.id, in: rerun.run.id, tenant: Self.tenant)
            guard let kept = old.tasks.first(where: { $0.definitionID == task.definitionID }), let values, values.outputs != nil,
                let before = try await store.values(of: kept.id, in: old.run.id, tenant: Self.tenant),
                before.outputs == values.outputs,
                // The needs of a task that a person settled may run again.
                task.resolution != nil || before == values
            else {
                observations.complain("\(task.id) does not have the outputs of \(task.definitionID) in \(old.run.id)")
                continue
            }
        }
    }
}
