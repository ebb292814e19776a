extension RunProgress {
    /// What a task of the run needs room for.
    /// - Parameter configuration: that of the run.
    public func demand(of task: TaskProgress, configuration: String?) -> LimitDemand {
        LimitDemand(uses: task.uses, takingUpRunOf: state == .scheduled ? configuration : nil)
    }

    /// The limits that may have room now, or somebody less waiting, by what has changed.
    public func limitsMadeRoom(configuration: String?) -> Set<Limit> {
        var limits: Set<Limit> = changedTasks.isEmpty ? [] : [.tasks]
        for index in changedTasks { limits.formUnion(tasks[index].uses.keys.map(Limit.resource)) }
        if state.hasEnded, let configuration { limits.insert(.runs(of: configuration)) }
        return limits
    }
}
