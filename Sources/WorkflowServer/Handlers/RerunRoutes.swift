import Crypto
import HTTPTypes
import Hummingbird
import WorkflowAPI
import WorkflowModel
import WorkflowOperations

/// Reruns runs.
struct RerunRoutes: Sendable {
    let service: APIService

    var routes: [Route] {
        [Route(RunEndpoints.rerun) { call in try await rerun(call) }]
    }

    private func rerun(_ call: APICall) async throws -> Response {
        let id = try call.runID()
        let grant = try call.granted()
        let body = try await call.jsonBody(of: RunEndpoints.rerun)
        let order = try RerunRequest(body: body)
        var hash = SHA256()
        hash.update(data: Array("rerun \(id.rawValue)\n".utf8))
        hash.update(data: body)
        var accepted = try await service.startOnce(call, fingerprint: Array(hash.finalize())) {
            var (_, plan) = try await service.planRerun(order, of: id, tenant: grant.tenant, by: grant.key.principal)
            try await service.checkNotified(order.notify, of: grant.tenant)
            plan.notifiedReceivers = order.notify
            return plan
        }
        // The version may be an earlier one than the current one, which a repetition could no longer name as it was.
        if order.version == .launched { accepted.currentVersion = nil }
        return .accepted(accepted)
    }
}

extension APIService {
    /// Plans the rerun of a run.
    /// - Throws: ``APIError``: 404 for a run that does not exist, 409 for one that cannot be rerun.
    func planRerun(
        _ order: RerunRequest, of id: RunID, tenant: Tenant, by principal: Principal
    ) async throws -> (old: WorkflowRunDetails, plan: RunPlan) {
        guard let old = try await stores.runs.run(id, of: tenant) else { throw APICall.noSuchRun }
        do {
            return (old, try await planRerun(order, of: old, by: principal))
        } catch let refusal as RerunRefusal {
            throw APIError(refusal)
        }
    }

    /// - Throws: ``RerunRefusal`` for a run that cannot be rerun.
    func planRerun(_ order: RerunRequest, of old: WorkflowRunDetails, by principal: Principal) async throws -> RunPlan {
        let planning = RerunPlanning(store: stores.configurations, configurations: configurations, time: time, random: random)
        return try await planning.plan(order, of: old, by: principal)
    }

    /// The definition ids of kept tasks that the plan's version defines differently from the version that they ran with. A version
    /// that was deleted counts as the same.
    func redefinedTasks(_ plan: RunPlan, over old: WorkflowRunDetails) async throws -> Set<String> {
        var redefined: Set<String> = []
        let kept = Dictionary(grouping: plan.tasks.filter { $0.kept != nil }) { $0.kept?.origin ?? old.run.id }
        for (origin, tasks) in kept {
            let run = origin == old.run.id ? old : try await stores.runs.run(origin, of: old.run.tenant)
            guard let former = run?.launchedVersion, former != plan.version,
                let before = try await definition(former, of: plan.tenant),
                let now = try await definition(plan.version, of: plan.tenant)
            else { continue }
            redefined.formUnion(now.redefinedTasks(since: before).intersection(tasks.map(\.definitionID)))
        }
        return redefined
    }

    private func definition(_ version: ConfigurationVersionID, of tenant: Tenant) async throws -> WorkflowConfiguration? {
        guard let version = try await stores.configurations.configurationVersion(version, of: tenant) else { return nil }
        return try? configurations.parsed(version)
    }
}
