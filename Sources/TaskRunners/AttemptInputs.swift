import WorkflowModel

/// The outputs of the tasks that a task needs, in the form passed to the task.
enum AttemptInputs {
    /// A JSON object in the order of the definition ids; `{}` when there are none.
    static func object(of attempt: TaskAttempt) -> String {
        guard !attempt.inputs.isEmpty else { return "{}" }
        let members = attempt.inputs.sorted { $0.key < $1.key }.map { "\(JSONValue.string($0.key).text):\($0.value.text)" }
        return "{\(members.joined(separator: ","))}"
    }
}
