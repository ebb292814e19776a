import WorkflowModel

extension RunMembers {
    /// - Throws: ``JSONProblem`` for a member that is missing or invalid.
    func run(of addressed: Tenant?) throws -> WorkflowRun {
        let id = try id.required("id")
        let createdAt = try createdAt.required("created_at")
        if let tenant, let addressed, tenant != addressed {
            throw JSONProblem(path: "tenant", "is \(tenant.name.quoted), but \(addressed.name.quoted) was addressed")
        }
        let wireState = try state.required("state")
        guard let state = RunState(wireState) else {
            let possible = RunState.allCases.map(\.rawValue).joined(separator: ", ")
            throw JSONProblem(path: "state", "\(wireState.rawValue.quoted) is a state of tasks only; a run is one of \(possible)")
        }
        try checkEnd(hasEnded: state.hasEnded, state: wireState, endedAt: endedAt)
        return WorkflowRun(
            id: RunID(rawValue: id), tenant: try (tenant ?? addressed).required("tenant"), name: try name.required("name"),
            type: try type.required("type"), state: state, createdAt: createdAt, endedAt: endedAt, principal: principal,
            error: error, origin: origin, attempts: attempts ?? 1,
            warnings: warnings ?? tasks.reduce(0) { $0 + $1.warnings.count })
    }

    private var origin: RunOrigin {
        let range = rangeFrom == nil && rangeTo == nil ? nil : TimeWindow(from: rangeFrom, to: rangeTo)
        return RunOrigin(
            configuration: configuration, labels: labels, parameters: parameters, runMode: runMode, range: range,
            scheduledFor: scheduledFor, schedule: schedule, rerunOf: rerunOf.map(RunID.init(rawValue:)),
            trigger: trigger)
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

    /// Imported history does not always name the principal.
    private var principal: Principal {
        let id = principalID ?? "unknown"
        return Principal(id: id, name: principalName ?? id, email: principalEmail)
    }
}

extension TaskMembers {
    func task(of run: WorkflowRun) throws -> TaskInstance {
        let id = try id.required("id")
        if let name = self.run, !name.isIdentical(to: run.id.rawValue) {
            throw JSONProblem(path: "workflow_id", "is \(name.quoted), but the run around it is \(run.id.rawValue.quoted)")
        }
        if let tenant, tenant != run.tenant {
            throw JSONProblem(path: "tenant", "is \(tenant.name.quoted), but the run around it is of \(run.tenant.name.quoted)")
        }
        let wireState = try state.required("state")
        guard let state = TaskState(wireState) else {
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
            keptFrom: keptFrom.map(RunID.init(rawValue:)), skipReason: state == .skipped ? skipReason : nil,
            when: when, warnings: warnings, resolution: resolution, fan: items.map { FanOut(counts: $0) }, item: item)
    }
}

/// A run or task has an end if and only if its state is final.
private func checkEnd(hasEnded: Bool, state: WorkflowState, endedAt: Timestamp?) throws {
    if hasEnded, endedAt == nil { throw JSONProblem(path: "ended_at", "is missing, though the state is \(state.rawValue)") }
    if !hasEnded, endedAt != nil { throw JSONProblem(path: "ended_at", "is set, although the state is \(state.rawValue)") }
}

extension ImportedRun {
    /// - Throws: ``JSONProblem`` for a range that ends before it starts.
    func checkRange() throws {
        guard let from = run.origin.range?.from, let to = run.origin.range?.to, to < from else { return }
        throw JSONProblem(path: "range_to", "(\(to.iso8601)) is before range_from (\(from.iso8601)); a range ends after it starts")
    }

    func checkStop() throws {
        guard stop != nil, run.state != .canceled, run.state != .stopping else { return }
        throw JSONProblem(
            path: "stop", "is set, although the state is \(run.state.rawValue); only runs that are canceled or stopping have one")
    }

    /// A run has the warnings of its tasks, and only tasks that succeeded have any.
    func checkWarnings() throws {
        for (index, task) in tasks.enumerated() where !task.warnings.isEmpty && task.state != .succeeded {
            throw JSONProblem(
                path: "task_instances[\(index)].warnings",
                "is set, although the state is \(task.state.rawValue); only tasks that succeeded have warnings")
        }
        let counted = tasks.reduce(0) { $0 + $1.warnings.count }
        // Lines in the form of lists have no tasks.
        guard !tasks.isEmpty, counted != run.warnings else { return }
        throw JSONProblem(path: "warnings", "is \(run.warnings), but the tasks have \(counted); leave it out to count them")
    }

    /// Ids of imported history become part of addresses. Answers of a service are not checked: it may have accepted other ids earlier.
    func checkIDs() throws {
        func check(_ id: String, _ path: String) throws {
            guard PathSegment.isSafe(id) else {
                throw JSONProblem(
                    path: path,
                    "\(id.quoted) leads to another place in an address; an id has no control characters, and between its slashes there is "
                        + "something else than `.` or `..`")
            }
        }
        try check(run.id.rawValue, "id")
        if let configuration = run.origin.configuration { try check(configuration, "config_id") }
        if let rerunOf = run.origin.rerunOf { try check(rerunOf.rawValue, "rerun_of") }
        if case .run(let before, let configuration)? = run.origin.trigger?.cause {
            try check(before.rawValue, "triggered_by.workflow_id")
            try check(configuration.text, "triggered_by.config_id")
        }
        for (index, task) in tasks.enumerated() {
            do {
                try check(task.id.rawValue, "id")
                if let origin = task.keptFrom { try check(origin.rawValue, "kept_from") }
            } catch let problem as JSONProblem {
                throw problem.inside("task_instances[\(index)]")
            }
        }
    }
}
