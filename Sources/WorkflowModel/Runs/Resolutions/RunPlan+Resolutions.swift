/// The result that a person gave for a task of a rerun, which does not run it.
public struct ResolvedTask: Hashable, Sendable {
    /// ``Resolution/skip`` or ``Resolution/succeed``.
    public var resolution: Resolution
    public var outputs: JSONText
}

extension WorkflowRunDetails {
    /// The tasks of an ended run that an order is about.
    /// - Throws: ``ResolutionRefusal``
    func tasks(for order: ResolutionOrder) throws(ResolutionRefusal) -> [TaskInstance] {
        switch order.tasks {
        case .one(let id):
            guard let task = tasks.first(where: { $0.id == id }) else {
                // A new run attempts the items of a task that did not succeed. It gives no results to single items.
                guard let (group, index) = id.asItem, let task = tasks.first(where: { $0.id == group && $0.fan != nil }) else {
                    throw .noSuchTask
                }
                guard !order.resolution.takesOutputs, task.endedResolutions.contains(order.resolution) else {
                    throw .doesNotApply(label: "\(task.label) [\(index)]", state: task.state)
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

    /// Takes a decision over from the old run.
    /// - Parameter decided: the definition ids of the tasks that it is about.
    /// - Throws: ``RerunRefusal/lacksTask(_:)``
    mutating func carry(_ order: ResolutionOrder, about decided: [TaskInstance]) throws(RerunRefusal) {
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
}
