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
