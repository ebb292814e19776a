/// A warning of a run, with the task that left it.
public struct RunWarning: Hashable, Sendable {
    public var task: TaskID
    /// The label of the task.
    public var label: String
    @Exact public var text: String

    public init(task: TaskID, label: String, text: String) {
        self.task = task
        self.label = label
        self.text = text
    }
}

extension WorkflowRunDetails {
    /// All warnings, in the order of the tasks.
    public var warnings: [RunWarning] {
        tasks.flatMap { task in task.warnings.texts.map { RunWarning(task: task.id, label: task.label, text: $0) } }
    }
}
