extension WorkflowConfiguration {
    /// The ids of the tasks that this version defines otherwise than another one in what their result comes from: what they do and
    /// what they need. A task that only one of the two has is none of them.
    public func redefinedTasks(since other: WorkflowConfiguration) -> Set<String> {
        let before = Dictionary(uniqueKeysWithValues: other.stages.flatMap(\.tasks).map { ($0.id, $0) })
        let redefined = stages.flatMap(\.tasks).filter { task in
            guard let former = before[task.id] else { return false }
            return former.action != task.action || Set(former.needs) != Set(task.needs)
        }
        return Set(redefined.map(\.id))
    }
}
