/// The group of an old run whose items a rerun takes over: results of those that succeeded are kept, the others run again.
public struct OldItems: Hashable, Sendable {
    /// The id of the group in the old run.
    public var id: TaskID
    /// Its position there.
    public var position: Int
    /// The run that executed its items, unless an item says otherwise.
    public var origin: RunID
    /// The item that a person gave a result; nil for none.
    public var settled: SettledItem?
}

/// An item of a rerun that a person gave a result, so that it does not run.
public struct SettledItem: Hashable, Sendable {
    /// From 0.
    public var number: Int
    public var result: ResolvedTask
}

extension RunPlan {
    /// Makes groups of the tasks that run once for each of several items.
    mutating func addFanOuts(of configuration: WorkflowConfiguration) {
        let written = Dictionary(
            configuration.tasks.compactMap { task in task.forEach.map { (ExactText(task.id), $0) } },
            uniquingKeysWith: { first, _ in first })
        guard !written.isEmpty else { return }
        let values = AttemptValues(outputs: [:], parameters: parameters, run: context)
        for index in tasks.indices where !tasks[index].isSkipped {
            guard let forEach = written[ExactText(tasks[index].definitionID)] else { continue }
            (tasks[index].fan, tasks[index].list) = FanOut.planned(forEach, with: values)
            tasks[index].isReady = false
        }
    }

    /// Takes the items of groups that did not succeed over from the old run, as long as all that they need is kept: then the list is the
    /// same.
    mutating func keepItems(of old: WorkflowRunDetails, except restarted: Set<ExactText>) {
        let kept = Set(tasks.lazy.filter { $0.kept != nil || $0.resolved != nil }.map(\.definitionID))
        let groups = Dictionary(
            old.tasks.enumerated().map { (ExactText($0.element.definitionID), $0) }, uniquingKeysWith: { first, _ in first })
        for index in tasks.indices where !tasks[index].state.hasEnded && !tasks[index].when.isClosing {
            guard let fan = tasks[index].fan, !restarted.contains(ExactText(tasks[index].definitionID)),
                let (position, former) = groups[ExactText(tasks[index].definitionID)], let counts = former.fan?.counts,
                !counts.isPrepared, kept.isSuperset(of: tasks[index].needs)
            else { continue }
            tasks[index].fan = fan.prepared(from: counts)
            tasks[index].oldItems = OldItems(id: former.id, position: position, origin: old.run.id)
        }
    }
}
