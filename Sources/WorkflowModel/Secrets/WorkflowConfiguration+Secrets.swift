extension WorkflowConfiguration {
    /// The names of the secrets that its tasks and webhooks need, in the order of bytes.
    public var secretNames: [ExactText] {
        let references = tasks.flatMap(\.references).filter { $0.root == .secrets }
        return Set(references.map { ExactText($0.name) } + webhooks.map { ExactText($0.secret) }).sorted()
    }
}
