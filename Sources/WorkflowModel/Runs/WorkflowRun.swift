/// A run, as a list shows it.
public struct WorkflowRun: Hashable, Sendable {
    public var id: RunID
    public var tenant: Tenant
    public var name: String
    /// Free text, `area.thing/action` or `area.thing`.
    public var type: String
    public var state: RunState
    public var createdAt: Timestamp
    public var endedAt: Timestamp?
    public var principal: Principal
    public var error: RunError?
    public var origin: RunOrigin
    /// The attempts of the task that had most; 1 when no task was attempted again.
    public var attempts: Int
    /// The number of warnings of its tasks.
    public var warnings: Int

    public init(
        id: RunID, tenant: Tenant, name: String, type: String, state: RunState, createdAt: Timestamp, endedAt: Timestamp? = nil,
        principal: Principal, error: RunError? = nil, origin: RunOrigin = RunOrigin(), attempts: Int = 1,
        warnings: Int = 0
    ) {
        self.id = id
        self.tenant = tenant
        self.name = name
        self.type = type
        self.state = state
        self.createdAt = createdAt
        self.endedAt = endedAt
        self.principal = principal
        self.error = error
        self.origin = origin
        self.attempts = attempts
        self.warnings = warnings
    }

    /// The time from creation to end; nil while it has not ended.
    public var runtime: Duration? { endedAt.map { $0 - createdAt } }
}

/// Where a run comes from: its workflow and what it was asked to do. All of it is missing in history that does not say it.
public struct RunOrigin: Hashable, Sendable {
    /// The id of the workflow.
    @Exact public var configuration: String?
    public var labels: RunLabels
    public var parameters: RunParameters
    public var runMode: RunMode?
    public var range: TimeWindow?
    /// The nominal time of a scheduled run; nil otherwise.
    public var scheduledFor: Timestamp?
    /// The schedule that started it; nil for a run started on request.
    @Exact public var schedule: String?
    /// The run that this one reruns; nil for an original run. That run may have been deleted.
    public var rerunOf: RunID?
    /// The trigger that started it; nil for other runs.
    public var trigger: RunTrigger?

    public init(
        configuration: String? = nil, labels: RunLabels = RunLabels(), parameters: RunParameters = RunParameters(),
        runMode: RunMode? = nil, range: TimeWindow? = nil, scheduledFor: Timestamp? = nil, schedule: String? = nil,
        rerunOf: RunID? = nil, trigger: RunTrigger? = nil
    ) {
        self.configuration = configuration
        self.labels = labels
        self.parameters = parameters
        self.runMode = runMode
        self.range = range
        self.scheduledFor = scheduledFor
        self.schedule = schedule
        self.rerunOf = rerunOf
        self.trigger = trigger
    }
}

/// A run with all its details.
public struct WorkflowRunDetails: Hashable, Sendable {
    public var run: WorkflowRun
    /// The version that it was launched with; in imported history, the imported value.
    public var launchedVersion: ConfigurationVersionID?
    /// The current version of the configuration; nil when the configuration was deleted.
    public var currentVersion: ConfigurationVersionID?
    /// The code in the directory of the launched version when that version was applied; nil when it is not known.
    public var code: CodeVersion?
    /// The code of the current version; nil when that one was applied from another directory, or when it is not known.
    public var currentCode: CodeVersion?
    public var warnAfter: Duration?
    /// The request that stopped it; nil when there was none, or an earlier version did not record it.
    public var stop: RunStop?
    /// Until when its closing tasks may run; nil when it has no closing tasks, or is not stopping.
    public var closingUntil: Timestamp?
    /// The task that started it and waits for it; nil for other runs. The task's run may have been deleted.
    public var calledBy: RunCaller?
    /// Whether it was imported. Imported history can name a workflow of this service, but the workflow did not start it.
    public var isImported: Bool
    /// In the order of the configuration, stage by stage. The items of groups are not among them.
    public var tasks: [TaskInstance]
    /// The items of groups, by group and number, where they were asked for.
    public var items: [TaskInstance] = []
    /// The events of triggers that followed from its end, by workflow, where they were asked for.
    public var firings: [TriggerFiring] = []
    /// In the order in which they were written.
    public var notes: [RunNote]
    /// The decisions of persons about its tasks, in the order in which they were made.
    public var resolutions: [RunResolution]

    public init(
        run: WorkflowRun, launchedVersion: ConfigurationVersionID? = nil, currentVersion: ConfigurationVersionID? = nil,
        warnAfter: Duration? = nil, stop: RunStop? = nil, closingUntil: Timestamp? = nil, isImported: Bool = false,
        tasks: [TaskInstance] = [], notes: [RunNote] = [], resolutions: [RunResolution] = [], calledBy: RunCaller? = nil
    ) {
        self.calledBy = calledBy
        self.run = run
        self.launchedVersion = launchedVersion
        self.currentVersion = currentVersion
        self.warnAfter = warnAfter
        self.stop = stop
        self.closingUntil = closingUntil
        self.isImported = isImported
        self.tasks = tasks
        self.notes = notes
        self.resolutions = resolutions
    }
}

extension WorkflowRunDetails {
    public var origin: RunOrigin { run.origin }
}

/// A run that takes longer than the `warn_after` of its configuration.
public struct OverdueRun: Hashable, Sendable {
    public var id: RunID
    public var tenant: Tenant
    public var name: String
    public var createdAt: Timestamp
    public var warnAfter: Duration

    public init(id: RunID, tenant: Tenant, name: String, createdAt: Timestamp, warnAfter: Duration) {
        self.id = id
        self.tenant = tenant
        self.name = name
        self.createdAt = createdAt
        self.warnAfter = warnAfter
    }
}
