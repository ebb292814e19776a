/// A run of another system's history, to be kept as it was. No worker ever takes it up.
public struct ImportedRun: Hashable, Sendable {
    public var run: WorkflowRun
    public var launchedVersion: ConfigurationVersionID?
    public var currentVersion: ConfigurationVersionID?
    public var warnAfter: Duration?
    public var rerunOf: RunID?
    public var tasks: [TaskInstance]

    public init(
        run: WorkflowRun, launchedVersion: ConfigurationVersionID? = nil, currentVersion: ConfigurationVersionID? = nil,
        warnAfter: Duration? = nil, rerunOf: RunID? = nil, tasks: [TaskInstance] = []
    ) {
        self.run = run
        self.launchedVersion = launchedVersion
        self.currentVersion = currentVersion
        self.warnAfter = warnAfter
        self.rerunOf = rerunOf
        self.tasks = tasks
    }
}

/// What became of a batch of imported runs.
public struct ImportOutcome: Hashable, Sendable {
    public var added: Int
    /// Runs whose id the tenant already had: a batch that is loaded again changes nothing.
    public var alreadyThere: Int

    public init(added: Int, alreadyThere: Int) {
        self.added = added
        self.alreadyThere = alreadyThere
    }
}
