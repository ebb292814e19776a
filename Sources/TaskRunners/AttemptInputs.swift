import WorkflowModel

/// What the tasks left that a task needs, as it is handed to the task.
enum AttemptInputs {
    /// A JSON object, in the order of the definition ids; `{}` when there is nothing.
    static func object(of attempt: TaskAttempt) -> String {
        guard !attempt.inputs.isEmpty else { return "{}" }
        let members = attempt.inputs.sorted { $0.key < $1.key }.map { "\(JSONValue.string($0.key).text):\($0.value.text)" }
        return "{\(members.joined(separator: ","))}"
    }
}
