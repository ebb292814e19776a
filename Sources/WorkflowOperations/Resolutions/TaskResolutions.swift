package import WorkflowAPI
package import WorkflowModel

/// Settles tasks of runs as persons decide, for the API, the pages and bulk operations.
package struct TaskResolutions: Sendable {
    private let store: any RunStore
    private let items: any TaskStore
    private let planning: RerunPlanning
    private let time: any TimeSource

    package init(store: any RunStore, items: any TaskStore, planning: RerunPlanning, time: any TimeSource) {
        self.store = store
        self.items = items
        self.planning = planning
        self.time = time
    }

    /// The run that goes on with a decision.
    package enum Outcome: Sendable {
        /// The run itself, as it is now.
        case inPlace(WorkflowRunDetails)
        /// The rerun that carries the decision, as it is now.
        case rerun(WorkflowRunDetails)

        package var details: WorkflowRunDetails {
            switch self {
            case .inPlace(let details), .rerun(let details): details
            }
        }
    }

    /// Settles one task of a run, or all that failed: in place while the run goes on, and by a rerun once it has ended. A run that ends
    /// meanwhile counts as ended.
    ///
    /// - Parameter create: writes the rerun; called only for a run that has ended.
    /// - Returns: nil when the tenant has no such run.
    /// - Throws: ``ResolutionRefusal``, ``RerunRefusal``, `StoreError`, and the errors of `create`.
    package func resolve(
        _ tasks: ResolutionOrder.Tasks, in run: RunID, of tenant: Tenant, for request: ResolveRequest, by principal: Principal,
        create: (() async throws -> RunPlan) async throws -> RunID
    ) async throws -> Outcome? {
        let order = ResolutionOrder(
            request.resolution, of: tasks, outputs: request.outputs, by: principal, at: time.now, reason: request.reason)
        if let details = try await resolveInPlace(order, in: run, of: tenant) { return .inPlace(details) }
        guard let old = try await oldRun(run, of: tenant, with: tasks) else { return nil }
        let id = try await create { try await planning.plan(Rerun(of: old, carrying: order), with: request.version) }
        return try await store.run(id, of: tenant).map { .rerun($0) }
    }

    /// A run with the item that a decision is about.
    private func oldRun(
        _ id: RunID, of tenant: Tenant, with tasks: ResolutionOrder.Tasks
    ) async throws -> WorkflowRunDetails? {
        guard var run = try await store.run(id, of: tenant) else { return nil }
        if case .one(let task) = tasks, let query = TaskItemQuery(task, of: id, tenant: tenant) {
            run.items = try await items.items(matching: query).filter { $0.id == task }
        }
        return run
    }

    /// - Returns: nil for a run that has ended or does not exist.
    private func resolveInPlace(
        _ order: ResolutionOrder, in run: RunID, of tenant: Tenant
    ) async throws -> WorkflowRunDetails? {
        switch try await store.resolve(order, in: run, of: tenant) {
        case .resolved(let details): details
        case .noSuchRun, .refused(.hasEnded): nil
        case .refused(let refusal): throw refusal
        }
    }
}

extension TaskResolutions {
    /// Settles one task of a run, or all that failed, and starts the rerun at once.
    package func resolve(
        _ tasks: ResolutionOrder.Tasks, in run: RunID, of tenant: Tenant, for request: ResolveRequest, by principal: Principal
    ) async throws -> Outcome? {
        try await resolve(tasks, in: run, of: tenant, for: request, by: principal) { plan in
            try await store.createRun(plan(), once: nil).details.run.id
        }
    }

    /// A run with what applies to its tasks.
    /// - Returns: nil when the tenant has no such run.
    package func offers(in run: RunID, of tenant: Tenant) async throws -> RunOffers? {
        guard let details = try await store.run(run, of: tenant) else { return nil }
        return RunOffers(details, needs: try await store.needs(in: run, of: tenant) ?? [])
    }
}
