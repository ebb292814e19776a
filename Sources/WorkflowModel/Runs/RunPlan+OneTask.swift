extension RunPlan {
    /// Leaves one task to run. The tasks that it needs directly have succeeded with the given outputs; all others are skipped.
    ///
    /// A closing task for failures runs although nothing has failed. A condition is decided with the given outputs.
    /// - Parameter outputs: JSON objects, by definition id; a task without one has an empty object.
    /// - Returns: the definition ids of the tasks that it needs; nil when the run does not have the task, or its run mode skips it.
    public mutating func keepOnly(_ definitionID: String, outputs: [ExactText: JSONText] = [:]) -> [String]? {
        guard let only = tasks.firstIndex(where: { $0.definitionID.isIdentical(to: definitionID) && !$0.isSkipped }) else {
            return nil
        }
        let needs = tasks[only].needs
        let needed = Set(needs.map { ExactText($0) })
        for index in tasks.indices where index != only {
            let id = ExactText(tasks[index].definitionID)
            tasks[index].needs = []
            tasks[index].when = .success
            tasks[index].gate = nil
            tasks[index].fan = nil
            tasks[index].isReady = false
            if needed.contains(id) {
                tasks[index].resolved = ResolvedTask(resolution: .succeed, outputs: outputs[id] ?? ResolvedOutputs.none)
            } else {
                tasks[index].isSkipped = true
            }
        }
        if tasks[only].when == .failure { tasks[only].when = .always }
        // A condition is decided, and a list is resolved, when the run is created.
        tasks[only].isReady = tasks[only].gate == nil && tasks[only].fan == nil
        return needs
    }
}
