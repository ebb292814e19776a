import WorkflowModel

extension RunMembers {
    /// - Throws: ``JSONProblem`` for what is missing or cannot be.
    func run(of addressed: Tenant?) throws -> WorkflowRun {
        let id = try id.required("id")
        let createdAt = try createdAt.required("created_at")
        if let tenant, let addressed, tenant != addressed {
            throw JSONProblem(path: "tenant", "is \(tenant.name.quoted), but \(addressed.name.quoted) was addressed")
        }
        let wireState = try state.required("state")
        guard let state = RunState(rawValue: wireState.rawValue) else {
            let possible = RunState.allCases.map(\.rawValue).joined(separator: ", ")
            throw JSONProblem(path: "state", "\(wireState.rawValue.quoted) is a state of tasks only; a run is one of \(possible)")
        }
        try checkEnd(hasEnded: state.hasEnded, state: wireState, endedAt: endedAt)
        return WorkflowRun(
            id: RunID(rawValue: id), tenant: try (tenant ?? addressed).required("tenant"), name: try name.required("name"),
            type: try type.required("type"), state: state, createdAt: createdAt, endedAt: endedAt, principal: principal,
            error: error)
    }

    func taskInstances(of run: WorkflowRun) throws -> [TaskInstance] {
        var ids: Set<TaskID> = []
        return try tasks.enumerated().map { index, members in
            do {
                let task = try members.task(of: run)
                guard ids.insert(task.id).inserted else { throw JSONProblem(path: "id", "is that of another task of this run") }
                return task
            } catch let problem as JSONProblem {
                throw problem.inside("task_instances[\(index)]")
            }
        }
    }

    /// Histories do not always say who it was.
    private var principal: Principal {
        let id = principalID ?? "unknown"
        return Principal(id: id, name: principalName ?? id, email: principalEmail)
    }
}

extension TaskMembers {
    func task(of run: WorkflowRun) throws -> TaskInstance {
        let id = try id.required("id")
        if let name = self.run, name != run.id.rawValue {
            throw JSONProblem(path: "workflow_id", "is \(name.quoted), but the run around it is \(run.id.rawValue.quoted)")
        }
        if let tenant, tenant != run.tenant {
            throw JSONProblem(path: "tenant", "is \(tenant.name.quoted), but the run around it is of \(run.tenant.name.quoted)")
        }
        let wireState = try state.required("state")
        guard let state = TaskState(rawValue: wireState.rawValue) else {
            throw JSONProblem(path: "state", "\(wireState.rawValue.quoted) is a state of runs only")
        }
        let createdAt = createdAt ?? run.createdAt
        try checkEnd(hasEnded: state.hasEnded, state: wireState, endedAt: endedAt)
        let definition = definitionID ?? label ?? id
        return TaskInstance(
            id: TaskID(rawValue: id), run: run.id, tenant: run.tenant, label: label ?? definition, state: state,
            stateChangedAt: stateChangedAt ?? endedAt ?? createdAt, createdAt: createdAt, endedAt: endedAt,
            executionType: executionType ?? "unknown", engineRunID: engineRunID, definitionID: definition,
            definitionType: definitionType ?? "unknown", timeout: timeout, error: error,
            keptFrom: keptFrom.map(RunID.init(rawValue:)))
    }
}

/// What has ended has an end; what goes on has none.
private func checkEnd(hasEnded: Bool, state: WorkflowState, endedAt: Timestamp?) throws {
    if hasEnded, endedAt == nil { throw JSONProblem(path: "ended_at", "is missing, though the state is \(state.rawValue)") }
    if !hasEnded, endedAt != nil { throw JSONProblem(path: "ended_at", "is there, though the state is \(state.rawValue)") }
}

extension ImportedRun {
    /// Nothing in a history ends before it begins. What a service answers is not held to this: its clock may have been set back
    /// while a run went on, and such a run can be shown all the same.
    func checkOrder() throws {
        func check(_ createdAt: Timestamp, _ endedAt: Timestamp?) throws {
            if let endedAt, endedAt < createdAt { throw JSONProblem(path: "ended_at", "is before created_at") }
        }
        try check(run.createdAt, run.endedAt)
        for (index, task) in tasks.enumerated() {
            do {
                try check(task.createdAt, task.endedAt)
            } catch let problem as JSONProblem {
                throw problem.inside("task_instances[\(index)]")
            }
        }
    }
}
