/// A run from another system's history, stored unchanged. No worker ever claims its tasks.
public struct ImportedRun: Hashable, Sendable {
    public var run: WorkflowRun
    public var launchedVersion: ConfigurationVersionID?
    public var currentVersion: ConfigurationVersionID?
    public var warnAfter: Duration?
    /// The request that stopped it; nil when there was none.
    public var stop: RunStop?
    public var tasks: [TaskInstance]
    /// In the order in which they were written.
    public var notes: [RunNote]

    public init(
        run: WorkflowRun, launchedVersion: ConfigurationVersionID? = nil, currentVersion: ConfigurationVersionID? = nil,
        warnAfter: Duration? = nil, stop: RunStop? = nil, tasks: [TaskInstance] = [], notes: [RunNote] = []
    ) {
        self.run = run
        self.launchedVersion = launchedVersion
        self.currentVersion = currentVersion
        self.warnAfter = warnAfter
        self.stop = stop
        self.tasks = tasks
        self.notes = notes
    }
}

extension ImportedRun {
    /// The same run with no end before its beginning. Where clocks disagreed, the end is set to the beginning.
    public var withOrderedTimes: ImportedRun {
        var copy = self
        copy.run.endedAt = copy.run.endedAt.map { max($0, copy.run.createdAt) }
        for place in copy.tasks.indices {
            let task = copy.tasks[place]
            copy.tasks[place].endedAt = task.endedAt.map { max($0, task.createdAt) }
            copy.tasks[place].stateChangedAt = max(task.stateChangedAt, task.createdAt)
        }
        return copy
    }
}

/// The result of importing a batch of runs.
public struct ImportOutcome: Hashable, Sendable {
    public var added: Int
    /// Runs whose id the tenant had already: importing a batch again changes nothing.
    public var alreadyThere: Int

    public init(added: Int, alreadyThere: Int) {
        self.added = added
        self.alreadyThere = alreadyThere
    }
}
