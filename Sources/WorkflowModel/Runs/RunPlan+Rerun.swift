extension RunPlan {
    /// Plans a rerun, in the run mode, for the range and with the labels and parameters of the old run.
    ///
    /// Closing tasks are never kept: they run again after the tasks that run again.
    ///
    /// From failure, a successful task is kept when everything that it needs is kept too: a task that runs again can produce
    /// different outputs, which invalidates the results of its dependents. Tasks match by id, whatever else a newer version changes
    /// in them. A task that a person skipped or marked as succeeded has its result kept like a successful one, and so does one whose
    /// condition was false.
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
        let decided = try rerun.decidedTasks()
        let restarted = rerun.resolution?.resolution == .fromHere ? Set(decided.map(\.definitionID)) : []
        if rerun.start == .failure, old.run.state == .succeeded, restarted.isEmpty { throw .hasNotFailed }
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
        do {
            parameters = try configuration.parameters(of: origin.parameters, in: context)
        } catch {
            throw .parameters(error)
        }
        rerunOf = old.run.id
        addGates(of: configuration)
        addFanOuts(of: configuration)
        if let order = rerun.resolution { try carry(order, about: decided) }
        guard rerun.start == .failure else { return }
        keep(Self.succeeded(of: old).filter { !restarted.contains($0.key) })
        keepItems(of: old, except: Set(restarted.map { ExactText($0) }))
        if let order = rerun.resolution { try settleItem(by: order, of: decided) }
        advanceClosingTasks()
        let isDone = tasks.allSatisfy { $0.state.hasEnded || $0.when.isClosing }
        if isDone, !tasks.contains(where: { $0.resolved != nil }), !hasOpenClosingTask(in: old) { throw .keepsEverything }
    }

    /// The results of an old run that can be kept, by definition id.
    private static func succeeded(of old: WorkflowRunDetails) -> [String: KeptTask] {
        var kept: [String: KeptTask] = [:]
        for (position, task) in old.tasks.enumerated() where task.hasResult {
            kept[task.definitionID] = KeptTask(
                id: task.id, position: position, origin: task.keptFrom ?? old.run.id, warnings: task.warnings.count,
                resolution: task.resolution, wasUnmet: task.skipReason == .condition)
        }
        return kept
    }

    private mutating func keep(_ succeeded: [String: KeptTask]) {
        var needing: [String: [String]] = [:]
        for task in tasks { for need in task.needs { needing[need, default: []].append(task.definitionID) } }
        let taking = tasks.filter { !$0.isSkipped }.map(\.definitionID)
        let closing = Set(tasks.lazy.filter(\.when.isClosing).map(\.definitionID))
        // A decision stands, whatever runs again. Closing tasks run again, whatever was decided about them.
        let resolved = Set(
            tasks.lazy.filter { task in
                task.resolved != nil || (succeeded[task.definitionID]?.resolution != nil && !task.when.isClosing)
            }.map(\.definitionID))
        var kept = Set(taking.filter { succeeded[$0] != nil && !closing.contains($0) }).union(resolved)
        var runAgain = taking.filter { !kept.contains($0) }
        while let id = runAgain.popLast() {
            for dependent in needing[id] ?? [] where !resolved.contains(dependent) && kept.remove(dependent) != nil {
                runAgain.append(dependent)
            }
        }
        for index in tasks.indices where !tasks[index].isSkipped {
            if tasks[index].resolved != nil {
                tasks[index].isReady = false
                continue
            }
            let id = tasks[index].definitionID
            tasks[index].kept = kept.contains(id) ? succeeded[id] : nil
            if tasks[index].kept != nil {
                tasks[index].gate = tasks[index].kept?.wasUnmet == true ? .closed : nil
                tasks[index].fan = nil
            }
            tasks[index].isReady =
                tasks[index].kept == nil && tasks[index].gate == nil && tasks[index].fan == nil && !tasks[index].when.isClosing
                && kept.isSuperset(of: tasks[index].needs)
        }
    }
}

extension TaskInstance {
    /// Whether its dependents have gone on with a result that a rerun can keep. A condition that was false is one.
    fileprivate var hasResult: Bool { state == .succeeded || skipReason == .resolved || skipReason == .condition }
}

extension Rerun {
    /// The tasks of the old run that its decision is about.
    fileprivate func decidedTasks() throws(RerunRefusal) -> [TaskInstance] {
        guard let resolution else { return [] }
        do {
            return try old.tasks(for: resolution)
        } catch {
            throw .resolution(error)
        }
    }
}
