extension RunPlan {
    /// The tasks that a run mode skips, with their needs: those of stages that take no part, and closing tasks that would close nothing,
    /// because everything that they need is skipped.
    static func skippedTasks(of configuration: WorkflowConfiguration, in mode: RunMode) -> [String: [String]] {
        var skipped: [String: [String]] = [:]
        for stage in configuration.stages where !stage.runModes.contains(mode) {
            for task in stage.tasks { skipped[task.id] = task.needs }
        }
        let closing = configuration.tasks.filter { $0.when.isClosing && skipped[$0.id] == nil }
        guard !closing.isEmpty, !skipped.isEmpty else { return skipped }
        // A need that leads to a task that runs, through skipped tasks or directly, is something to close.
        let needs = Dictionary(configuration.tasks.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        var known: [String: Bool] = [:]
        func leadsToWork(_ id: String) -> Bool {
            if let known = known[id] { return known }
            guard let task = needs[id] else { return false }
            let isWork = !task.when.isClosing && skipped[id] == nil
            let leads = isWork || task.needs.contains(where: leadsToWork)
            known[id] = leads
            return leads
        }
        for task in closing where !leadsToWork(task.id) { skipped[task.id] = task.needs }
        return skipped
    }

    /// Makes the closing tasks ready whose needs were kept or skipped, or skips them when nothing failed.
    mutating func advanceClosingTasks() {
        var ended = Set(tasks.lazy.filter(\.state.hasEnded).map(\.definitionID))
        var found = true
        while found {
            found = false
            for index in tasks.indices where tasks[index].when.isClosing && !tasks[index].state.hasEnded {
                guard ended.isSuperset(of: tasks[index].needs) else { continue }
                if tasks[index].when == .always {
                    tasks[index].isReady = tasks[index].gate == nil && tasks[index].fan == nil
                } else {
                    tasks[index].isSkipped = true
                    ended.insert(tasks[index].definitionID)
                    found = true
                }
            }
        }
    }

    /// Whether a closing task did not succeed in the old run, so that a rerun of the closing tasks alone makes sense.
    func hasOpenClosingTask(in old: WorkflowRunDetails) -> Bool {
        let done = Set(old.tasks.lazy.filter { $0.state == .succeeded || $0.state == .skipped }.map(\.definitionID))
        return tasks.contains { $0.when.isClosing && !$0.state.hasEnded && !done.contains($0.definitionID) }
    }
}
