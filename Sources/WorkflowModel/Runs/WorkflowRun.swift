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

    public init(
        id: RunID, tenant: Tenant, name: String, type: String, state: RunState, createdAt: Timestamp, endedAt: Timestamp? = nil,
        principal: Principal, error: RunError? = nil, origin: RunOrigin = RunOrigin(), attempts: Int = 1
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
    }

    /// The time from creation to end; nil while it has not ended.
    public var runtime: Duration? { endedAt.map { $0 - createdAt } }
}

/// Where a run comes from: its workflow and what it was asked to do. All of it is missing in history that does not say it.
public struct RunOrigin: Hashable, Sendable {
    /// The id of the workflow.
    @Exact public var configuration: String?
    public var labels: RunLabels
    public var runMode: RunMode?
    public var range: TimeWindow?
    /// The nominal time of a scheduled run; nil otherwise.
    public var scheduledFor: Timestamp?
    /// The schedule that started it; nil for a run started on request.
    @Exact public var schedule: String?
    /// The run that this one reruns; nil for an original run. That run may have been deleted.
    public var rerunOf: RunID?

    public init(
        configuration: String? = nil, labels: RunLabels = RunLabels(), runMode: RunMode? = nil, range: TimeWindow? = nil,
        scheduledFor: Timestamp? = nil, schedule: String? = nil, rerunOf: RunID? = nil
    ) {
        self.configuration = configuration
        self.labels = labels
        self.runMode = runMode
        self.range = range
        self.scheduledFor = scheduledFor
        self.schedule = schedule
        self.rerunOf = rerunOf
    }
}

/// A run with all its details.
public struct WorkflowRunDetails: Hashable, Sendable {
    public var run: WorkflowRun
    /// The version that it was launched with; in imported history, the imported value.
    public var launchedVersion: ConfigurationVersionID?
    /// The current version of the configuration; nil when the configuration was deleted.
    public var currentVersion: ConfigurationVersionID?
    public var warnAfter: Duration?
    /// The request that stopped it; nil when there was none, or an earlier version did not record it.
    public var stop: RunStop?
    /// Whether it was imported. Imported history can name a workflow of this service, but the workflow did not start it.
    public var isImported: Bool
    /// In the order of the configuration, stage by stage.
    public var tasks: [TaskInstance]

    public init(
        run: WorkflowRun, launchedVersion: ConfigurationVersionID? = nil, currentVersion: ConfigurationVersionID? = nil,
        warnAfter: Duration? = nil, stop: RunStop? = nil, isImported: Bool = false, tasks: [TaskInstance] = []
    ) {
        self.run = run
        self.launchedVersion = launchedVersion
        self.currentVersion = currentVersion
        self.warnAfter = warnAfter
        self.stop = stop
        self.isImported = isImported
        self.tasks = tasks
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
