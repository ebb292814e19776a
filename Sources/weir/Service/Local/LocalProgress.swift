import WorkflowModel

/// Reports the states of tasks, one line for each change.
struct LocalProgress {
    let console: Console
    /// The definition ids of the tasks that are reported.
    let tasks: Set<ExactText>
    private var states: [TaskID: TaskState] = [:]

    init(console: Console, tasks: Set<ExactText>) {
        self.console = console
        self.tasks = tasks
    }

    mutating func show(_ details: WorkflowRunDetails) {
        for task in details.tasks where tasks.contains(ExactText(task.definitionID)) {
            guard states.updateValue(task.state, forKey: task.id) != task.state, task.state != .scheduled else { continue }
            var line = "\(HumanText.printable(task.definitionID)): \(HumanText.state(of: task))"
            if task.state == .failed, let error = task.error { line += ". \(HumanText.printable(error.message))" }
            console.note(line)
        }
    }
}
