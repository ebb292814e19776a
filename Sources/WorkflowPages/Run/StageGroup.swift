import WorkflowModel

/// The tasks of a stage, in their order.
struct StageGroup: Sendable {
    /// What tasks are gathered under that name no stage, as in imported history.
    static let nameless = "Tasks"

    var name: String
    var tasks: [TaskInstance]

    static func groups(_ tasks: [TaskInstance]) -> [StageGroup] {
        var groups: [StageGroup] = []
        for task in tasks {
            let name = task.stage ?? nameless
            if groups.last?.name == name {
                groups[groups.count - 1].tasks.append(task)
            } else {
                groups.append(StageGroup(name: name, tasks: [task]))
            }
        }
        return groups
    }

    /// Stages have no state of their own: theirs is what their tasks say together.
    var state: WorkflowState {
        let states = Set(tasks.map(\.state))
        let isOver = tasks.allSatisfy(\.state.hasEnded)
        if states.contains(.failed) { return isOver ? .failed : .runningWithFailures }
        if states.contains(.stopping) { return .stopping }
        if isOver {
            if states == [.skipped] { return .skipped }
            return states.contains(.canceled) ? .canceled : .succeeded
        }
        let isUnderWay = tasks.contains { $0.state != .scheduled && $0.state != .skipped }
        return isUnderWay ? .inProgress : .scheduled
    }

    /// How many have ended, of those that take part.
    var progress: String {
        let taking = tasks.filter { $0.state != .skipped }
        guard !taking.isEmpty else { return CountText.text(tasks.count, "task", "tasks") }
        return "\(taking.count { $0.state.hasEnded }) of \(taking.count)"
    }
}
