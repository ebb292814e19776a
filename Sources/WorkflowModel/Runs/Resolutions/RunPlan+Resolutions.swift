/// The result that a person gave for a task of a rerun, which does not run it.
public struct ResolvedTask: Hashable, Sendable {
    /// ``Resolution/skip`` or ``Resolution/succeed``.
    public var resolution: Resolution
    public var outputs: JSONText
}

extension WorkflowRunDetails {
    /// The tasks of an ended run that an order is about. For one about an item, that is its group; the item has to be among
    /// ``items``.
    /// - Throws: ``ResolutionRefusal``
    func tasks(for order: ResolutionOrder) throws(ResolutionRefusal) -> [TaskInstance] {
        switch order.tasks {
        case .one(let id):
            guard let task = tasks.first(where: { $0.id == id }) else {
                guard let item = items.first(where: { $0.id == id }), let (group, _) = id.asItem,
                    let task = tasks.first(where: { $0.id == group && $0.fan != nil })
                else { throw .noSuchTask }
                guard task.endedResolutions.contains(order.resolution) else {
                    throw .doesNotApply(label: task.label, state: task.state)
                }
                guard !order.resolution.takesOutputs || item.endedResolutions.contains(order.resolution) else {
                    throw .doesNotApply(label: item.label, state: item.state)
                }
                return [task]
            }
            guard task.endedResolutions.contains(order.resolution) else {
                throw .doesNotApply(label: task.label, state: task.state)
            }
            return [task]
        case .allFailed:
            let failed = tasks.filter { $0.state == .failed }
            guard !failed.isEmpty else { throw .nothingFailed }
            return failed
        }
    }
}

extension TaskInstance {
    /// The resolutions that have a meaning for the task once its run has ended.
    var endedResolutions: Set<Resolution> {
        switch state {
        case .failed, .canceled: Set(Resolution.allCases)
        case .succeeded: [.fromHere, .fromStart]
        case .skipped: skipReason == .resolved || skipReason == .condition ? [.fromHere, .fromStart] : [.fromStart]
        case .scheduled, .started, .inProgress, .running, .finalizing, .stopping: []
        }
    }
}

extension RunPlan {
    /// Whether no task has to run, so that the run ends when it begins.
    package var isComplete: Bool { tasks.allSatisfy(\.state.hasEnded) }

    /// Takes a decision over from the old run. One that gives a result to an item comes with the items: ``settleItem(by:)``.
    /// - Parameter decided: the tasks that it is about.
    /// - Throws: ``RerunRefusal/lacksTask(_:)``
    mutating func carry(_ order: ResolutionOrder, about decided: [TaskInstance]) throws(RerunRefusal) {
        guard order.settledItem == nil else { return }
        for old in decided {
            guard let index = tasks.firstIndex(where: { $0.definitionID == old.definitionID && !$0.isSkipped }) else {
                if order.resolution == .fromStart { continue }
                throw .lacksTask(old.label)
            }
            if order.resolution.takesOutputs {
                tasks[index].resolved = ResolvedTask(
                    resolution: order.resolution, outputs: order.outputs ?? ResolvedOutputs.none)
            }
            resolutions.append(order.decision(about: tasks[index].id))
        }
    }

    /// Gives an item of a group that the rerun takes over the result that a person decided.
    /// - Parameter decided: the group in the old run.
    /// - Throws: ``RerunRefusal/lacksTask(_:)``, ``RerunRefusal/lacksItems(_:)``
    mutating func settleItem(by order: ResolutionOrder, of decided: [TaskInstance]) throws(RerunRefusal) {
        guard let (group, number) = order.settledItem, let old = decided.first(where: { $0.id == group }) else { return }
        guard let index = tasks.firstIndex(where: { $0.definitionID == old.definitionID && !$0.isSkipped }) else {
            throw .lacksTask(old.label)
        }
        guard tasks[index].oldItems?.id == group else { throw .lacksItems(old.label) }
        let resolved = ResolvedTask(resolution: order.resolution, outputs: order.outputs ?? ResolvedOutputs.none)
        tasks[index].oldItems?.settled = SettledItem(number: number, result: resolved)
        tasks[index].fan?.counts?.add(1, to: resolved.state)
        resolutions.append(order.decision(about: tasks[index].id.item(number)))
    }
}

extension ResolutionOrder {
    /// The item that gets a result, with its group in the old run; nil for another decision.
    fileprivate var settledItem: (group: TaskID, index: Int)? {
        guard resolution.takesOutputs, case .one(let id) = tasks else { return nil }
        return id.asItem
    }
}

extension ResolvedTask {
    /// That of a task or item with this result.
    package var state: TaskState { resolution == .skip ? .skipped : .succeeded }
}
