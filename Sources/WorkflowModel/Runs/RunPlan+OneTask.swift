extension RunPlan {
    /// Leaves one task to run. The tasks that it needs directly stay, to give it outputs, but need nothing themselves; all others are
    /// skipped.
    ///
    /// A closing task for failures runs although nothing has failed.
    /// - Returns: the definition ids of the tasks that it needs; nil when the run does not have the task, or its run mode skips it.
    public mutating func keepOnly(_ definitionID: String) -> [String]? {
        guard let only = tasks.firstIndex(where: { $0.definitionID.isIdentical(to: definitionID) && !$0.isSkipped }) else {
            return nil
        }
        let needs = tasks[only].needs
        let needed = Set(needs.map { ExactText($0) })
        for index in tasks.indices where index != only {
            let isNeeded = needed.contains(ExactText(tasks[index].definitionID))
            tasks[index].needs = []
            tasks[index].when = .success
            tasks[index].isSkipped = !isNeeded
            tasks[index].isReady = isNeeded
        }
        if tasks[only].when == .failure { tasks[only].when = .always }
        tasks[only].isReady = needs.isEmpty
        return needs
    }
}
