extension RunPlan {
    /// Plans a rerun, in the run mode, for the range and with the labels of the old run.
    ///
    /// From failure, a successful task is kept when everything that it needs is kept too: a task that runs again can produce
    /// different outputs, which invalidates the results of its dependents. Tasks match by id, whatever else a newer version changes
    /// in them.
    ///
    /// Labels that the version has and the old run does not are added, unless they would be too many together: a rerun is never
    /// refused for its labels.
    ///
    /// - Throws: ``RerunRefusal``
    public init(
        _ configuration: WorkflowConfiguration, version: ConfigurationVersion, doingOver rerun: Rerun, at now: Timestamp,
        random: any RandomSource
    ) throws(RerunRefusal) {
        let old = rerun.old
        try Rerun.check(old)
        if rerun.start == .failure, old.run.state == .succeeded { throw .hasNotFailed }
        let origin = old.run.origin
        let request = RunRequest(
            principal: rerun.principal, runMode: origin.runMode, range: origin.range, scheduledFor: origin.scheduledFor)
        let merged = configuration.labels.merging(origin.labels)
        do {
            try self.init(
                configuration, labels: merged.count <= RunLabels.most ? merged : origin.labels, version: version, for: request,
                at: now, random: random)
        } catch {
            throw .hasNothingToRun(error)
        }
        rerunOf = old.run.id
        guard rerun.start == .failure else { return }
        keep(Self.succeeded(of: old))
        if tasks.allSatisfy(\.state.hasEnded) { throw .keepsEverything }
    }

    /// The results of an old run that can be kept, by definition id.
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
