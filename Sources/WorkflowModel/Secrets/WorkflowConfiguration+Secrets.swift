extension WorkflowConfiguration {
    /// The names of the secrets that its tasks need, in the order of bytes.
    public var secretNames: [ExactText] {
        let references = tasks.flatMap(\.references).filter { $0.root == .secrets }
        return Set(references.map { ExactText($0.name) }).sorted()
    }
}
