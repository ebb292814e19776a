/// A run as the list shows it.
public struct WorkflowRun: Hashable, Sendable {
    public var id: RunID
    public var tenant: Tenant
    public var name: String
    /// An open string, `area.thing/action` or `area.thing`.
    public var type: String
    public var state: RunState
    public var createdAt: Timestamp
    public var endedAt: Timestamp?
    public var principal: Principal
    public var error: RunError?

    public init(
        id: RunID, tenant: Tenant, name: String, type: String, state: RunState, createdAt: Timestamp, endedAt: Timestamp? = nil,
        principal: Principal, error: RunError? = nil
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
    }
}

/// A run with everything that is known of it.
public struct WorkflowRunDetails: Hashable, Sendable {
    public var run: WorkflowRun
    /// The configuration that it was launched from; nil in imported history.
    public var configuration: String?
    /// The version that it was launched with. In imported history whatever the line said.
    public var launchedVersion: ConfigurationVersionID?
    /// The version of the configuration that is current now; nil when the configuration is gone.
    public var currentVersion: ConfigurationVersionID?
    public var warnAfter: Duration?
    /// nil in imported history.
    public var runMode: RunMode?
    public var range: TimeWindow?
    /// The nominal time, of a run for a tick of a schedule.
    public var scheduledFor: Timestamp?
    /// The schedule that started it by itself; nil when somebody asked for it.
    public var schedule: String?
    /// The run that this one does over; nil for a start of its own. That one may be gone by now.
    public var rerunOf: RunID?
    /// In the order of the configuration: stage by stage.
    public var tasks: [TaskInstance]

    public init(
        run: WorkflowRun, configuration: String? = nil, launchedVersion: ConfigurationVersionID? = nil,
        currentVersion: ConfigurationVersionID? = nil, warnAfter: Duration? = nil, runMode: RunMode? = nil,
        range: TimeWindow? = nil, scheduledFor: Timestamp? = nil, schedule: String? = nil, rerunOf: RunID? = nil,
        tasks: [TaskInstance] = []
    ) {
        self.run = run
        self.configuration = configuration
        self.launchedVersion = launchedVersion
        self.currentVersion = currentVersion
        self.warnAfter = warnAfter
        self.runMode = runMode
        self.range = range
        self.scheduledFor = scheduledFor
        self.schedule = schedule
        self.rerunOf = rerunOf
        self.tasks = tasks
    }
}

/// A run that takes longer than its configuration said it should.
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
