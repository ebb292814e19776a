/// What a task was given by those that it needs, and what it left for those that need it.
public struct TaskValues: Hashable, Sendable {
    /// The definition ids of the tasks that it needs.
    public var needs: [String]
    /// What those left that have succeeded and left something, by their definition ids: JSON objects.
    public var inputs: [String: JSONText]
    /// A JSON object; nil when it has left none.
    public var outputs: JSONText?

    public init(needs: [String] = [], inputs: [String: JSONText] = [:], outputs: JSONText? = nil) {
        self.needs = needs
        self.inputs = inputs
        self.outputs = outputs
    }
}

/// What a task of a run left, for whoever compares runs.
public struct TaskOutputs: Hashable, Sendable {
    public var definitionID: String
    /// A JSON object; nil when it is longer than was asked for.
    public var text: JSONText?
    /// How long it is, in bytes.
    public var length: Int

    public init(definitionID: String, text: JSONText?, length: Int) {
        self.definitionID = definitionID
        self.text = text
        self.length = length
    }
}
