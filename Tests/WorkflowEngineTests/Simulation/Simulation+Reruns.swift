import WorkflowModel
import WorkflowTestKit

extension Simulation {
    /// Somebody does a run over that did not succeed.
    /// - Returns: whether there was one.
    func rerun() async throws -> Bool {
        let ended = runs.filter { run in observations.ended[run.id].map { $0.run.state != .succeeded } ?? false }
        guard let run = random.element(of: ended), let old = observations.ended[run.id], let launched = old.launchedVersion,
            let version = try await store.configurationVersion(launched, of: Self.tenant)
        else { return false }
        let configuration = WorkflowConfiguration(
            id: version.configuration, name: version.name, type: version.type,
            stages: [Stage(name: "All", tasks: run.definitions)])
        let start: RerunStart = random.chance(0.8) ? .failure : .start
        let plan = try RunPlan(
            configuration, version: version, doingOver: Rerun(of: old, from: start, by: StoreBench.someone), at: now, random: random
        )
        let created = try await store.createRun(plan, once: nil).details
        runs.append(Submitted(id: created.run.id, definitions: run.definitions))
        touched.append(created.run.id)
        note("rerun \(created.run.id) of \(run.id) from \(start.rawValue)")
        checkKept(plan, of: old)
        return true
    }

    /// From failure, nothing that succeeded is run again, because all that it needs had succeeded too.
    private func checkKept(_ plan: RunPlan, of old: WorkflowRunDetails) {
        guard plan.tasks.contains(where: { $0.kept != nil }) else { return }
        let succeeded = Set(old.tasks.filter { $0.state == .succeeded }.map(\.definitionID))
        if Set(plan.tasks.filter { $0.kept != nil }.map(\.definitionID)) != succeeded {
            observations.complain("\(plan.id) does not keep what succeeded in \(old.run.id)")
        }
    }
}
