extension RunProgress {
    /// The slots and units that a task of the run needs. One that waits for work outside holds its units.
    /// - Parameter configuration: the configuration of the run.
    public func demand(of task: TaskProgress, configuration: String?) -> LimitDemand {
        LimitDemand(uses: task.waitsOutside ? [:] : task.uses, startingRunOf: state == .scheduled ? configuration : nil)
    }

    /// The limits that may have a free slot, or one task less in the queue, after the changes of this run.
    public func limitsWithFreedSlots(configuration: String?) -> Set<Limit> {
        var limits: Set<Limit> = changedTasks.isEmpty ? [] : [.tasks]
        for index in changedTasks { limits.formUnion(self[index].uses.keys.map(Limit.resource)) }
        if state.hasEnded, let configuration { limits.insert(.runs(of: configuration)) }
        return limits
    }
}
