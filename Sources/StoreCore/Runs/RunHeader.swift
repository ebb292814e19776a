public import WorkflowModel

/// The properties of a run beside its progress.
public struct RunHeader: Sendable {
    public var id: RunID
    /// nil in imported history that names none.
    public var version: ConfigurationVersionID?
    public var runMode: RunMode?
    public var range: TimeWindow?
    public var scheduledFor: Timestamp?
    public var schedule: String?
    public var parameters: RunParameters
    /// The workflow of this service that started it; nil in imported history, also where that names a workflow. So imported history
    /// takes no slots of limits, delays no schedules and raises no alerts.
    public var configuration: String?
    /// The trigger that started it; nil for other runs.
    public var trigger: RunTrigger?
    /// The task that started it and waits for it; nil for other runs.
    public var calledBy: RunCaller?

    @inlinable
    public init(
        id: RunID, version: ConfigurationVersionID?, runMode: RunMode?, range: TimeWindow?, scheduledFor: Timestamp?,
        schedule: String?, parameters: RunParameters = RunParameters(), configuration: String?, calledBy: RunCaller? = nil,
        trigger: RunTrigger? = nil
    ) {
        self.id = id
        self.version = version
        self.runMode = runMode
        self.range = range
        self.scheduledFor = scheduledFor
        self.schedule = schedule
        self.parameters = parameters
        self.configuration = configuration
        self.trigger = trigger
        self.calledBy = calledBy
    }

    public var isImported: Bool { configuration == nil }
}

extension RowReader {
    /// The columns launched_version, run_mode, range_from, range_to, scheduled_for, schedule, parameters, the
    /// configuration of runs that are not imported, those of ``nextCaller()``, and triggered_by.
    @inlinable
    public mutating func nextHeader(of id: RunID) throws -> RunHeader {
        RunHeader(
            id: id, version: try next(), runMode: try next(), range: try nextRange(), scheduledFor: try next(),
            schedule: try next(), parameters: try next(), configuration: try next(), calledBy: try nextCaller(),
            trigger: try next())
    }
}

/// A run that was loaded to decide about it.
public protocol LoadedRun {
    var header: RunHeader { get }
    /// The number of its tenant.
    var tenant: Int { get }
    var progress: RunProgress { get set }
}

extension LoadedRun {
    @inlinable public var id: RunID { header.id }
    @inlinable public var configuration: String? { header.configuration }
    @inlinable public var isImported: Bool { header.configuration == nil }

    /// Whether a tick of its schedule may have waited for its end.
    @inlinable public var hasEndedScheduled: Bool {
        header.schedule != nil && !isImported && progress.hasRunChanged && progress.endedAt != nil
    }

    /// The task that waits for the end that the run has come to now; nil for none.
    @inlinable public var awaitedBy: RunCaller? { progress.hasRunChanged && progress.endedAt != nil ? header.calledBy : nil }

    /// The claimed task as its worker receives it; nil in imported history, which no worker executes.
    @inlinable
    public func claimedTask(_ task: TaskProgress, of tenant: Tenant, inputs: [String: JSONText]) -> ClaimedTask? {
        guard !isImported, let version = header.version, let runMode = header.runMode else { return nil }
        let lease = Lease(tenant: tenant, run: header.id, task: task.id, attempt: task.attempt, token: task.token)
        return ClaimedTask(
            lease: lease, definitionID: task.definitionID, version: version, runCreatedAt: progress.createdAt, runMode: runMode,
            range: header.range,
            scheduledFor: header.scheduledFor, parameters: header.parameters, inputs: inputs,
            soFar: task.when.isClosing ? progress.soFar : nil,
            resumed: task.wait.map { ResumedAttempt($0, isStopping: task.state == .stopping) }, item: progress.taskItem(of: task))
    }

    /// The definition ids of what a claimed task needs. An item needs what its group does.
    public func needs(ofTaskAt position: Int) -> [String] {
        progress[ItemPlace.group(of: position) ?? position].needs
    }

    /// Asks the run to stop.
    ///
    /// Imported history ends at once: no worker holds its tasks, so none would report their end.
    mutating func stop(of tenant: Tenant, at now: Timestamp) throws {
        try progress.stop(at: now)
        guard isImported else { return }
        for task in progress.tasks where task.state == .stopping {
            let unheld = Lease(tenant: tenant, run: id, task: task.id, attempt: task.attempt, token: task.token)
            _ = try progress.commit(.stopped, under: unheld, at: now)
        }
    }
}
