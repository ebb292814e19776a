extension RunPlan {
    /// Plans to do a run over, in its run mode and for its range.
    ///
    /// From failure, a task that succeeded is kept when everything that it needs is kept too: what is run again may leave
    /// something else than before, and then what was made of it no longer counts. Tasks are the same when their ids are,
    /// whatever else a newer version says of them.
    ///
    /// - Throws: ``RerunRefusal`` for what cannot be done over like that.
    public init(
        _ configuration: WorkflowConfiguration, version: ConfigurationVersion, doingOver rerun: Rerun, at now: Timestamp,
        random: any RandomSource
    ) throws(RerunRefusal) {
        let old = rerun.old
        try Rerun.check(old)
        if rerun.start == .failure, old.run.state == .succeeded { throw .hasNotFailed }
        let request = RunRequest(
            principal: rerun.principal, runMode: old.runMode, range: old.range, scheduledFor: old.scheduledFor)
        do {
            try self.init(configuration, version: version, for: request, at: now, random: random)
        } catch {
            throw .hasNothingToRun(error)
        }
        rerunOf = old.run.id
        guard rerun.start == .failure else { return }
        keep(Self.succeeded(of: old))
        if tasks.allSatisfy(\.state.hasEnded) { throw .keepsEverything }
    }

    /// What can be kept of a run, by definition ids.
    private static func succeeded(of old: WorkflowRunDetails) -> [String: KeptTask] {
        var kept: [String: KeptTask] = [:]
        for (position, task) in old.tasks.enumerated() where task.state == .succeeded {
            kept[task.definitionID] = KeptTask(id: task.id, position: position, origin: task.keptFrom ?? old.run.id)
        }
        return kept
    }

    private mutating func keep(_ succeeded: [String: KeptTask]) {
        var needing: [String: [String]] = [:]
        for task in tasks { for need in task.needs { needing[need, default: []].append(task.definitionID) } }
        let taking = tasks.filter { !$0.isSkipped }.map(\.definitionID)
        var kept = Set(taking.filter { succeeded[$0] != nil })
        var runAgain = taking.filter { !kept.contains($0) }
        while let id = runAgain.popLast() {
            for dependent in needing[id] ?? [] where kept.remove(dependent) != nil { runAgain.append(dependent) }
        }
        for index in tasks.indices where !tasks[index].isSkipped {
            let id = tasks[index].definitionID
            tasks[index].kept = kept.contains(id) ? succeeded[id] : nil
            tasks[index].isReady = tasks[index].kept == nil && kept.isSuperset(of: tasks[index].needs)
        }
    }
}
