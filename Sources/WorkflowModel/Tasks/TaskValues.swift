/// The inputs of a task from its dependencies, and its outputs for its dependents.
public struct TaskValues: Hashable, Sendable {
    /// The definition ids of the tasks that it needs.
    public var needs: [String]
    /// The outputs of its successful dependencies, by definition id: JSON objects. Tasks without outputs are left out.
    public var inputs: [String: JSONText]
    /// A JSON object; nil without outputs.
    public var outputs: JSONText?

    public init(needs: [String] = [], inputs: [String: JSONText] = [:], outputs: JSONText? = nil) {
        self.needs = needs
        self.inputs = inputs
        self.outputs = outputs
    }
}

/// The outputs of a task, for a comparison of runs.
public struct TaskOutputs: Hashable, Sendable {
    public var definitionID: String
    /// A JSON object; nil when it exceeds the requested length.
    public var text: JSONText?
    /// The length of the outputs in bytes.
    public var length: Int

    public init(definitionID: String, text: JSONText?, length: Int) {
        self.definitionID = definitionID
        self.text = text
        self.length = length
    }
}
