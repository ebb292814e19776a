/// How far the schedules of a configuration have been decided, with everything that deciding further takes.
public struct ScheduleStanding: Hashable, Sendable {
    public var tenant: Tenant
    public var configuration: String
    /// Changes with everything that is decided or changed, so that two who decide at once are told apart.
    public var revision: Int64
    /// Every tick up to and including this instant has its row.
    public var decidedUntil: Timestamp
    /// Which version was current when, oldest first. The last one has no end while the configuration is there.
    public var stretches: [ScheduleStretch]
    /// Ticks that wait for their start, oldest first.
    public var waiting: [ScheduleTick]
    /// Ticks beyond ``decidedUntil`` that have a row nevertheless: they were backfilled, or the clock was set back.
    public var decidedAhead: Set<TickPlace>
    /// Runs that the schedules started and that go on, oldest first.
    public var going: [GoingRun]

    public init(
        tenant: Tenant, configuration: String, revision: Int64, decidedUntil: Timestamp, stretches: [ScheduleStretch],
        waiting: [ScheduleTick] = [], decidedAhead: Set<TickPlace> = [], going: [GoingRun] = []
    ) {
        self.tenant = tenant
        self.configuration = configuration
        self.revision = revision
        self.decidedUntil = decidedUntil
        self.stretches = stretches
        self.waiting = waiting
        self.decidedAhead = decidedAhead
        self.going = going
    }

    /// The version that runs start with; nil when the configuration is gone or has no schedules any more.
    public var currentVersion: ConfigurationVersionID? {
        stretches.last.flatMap { $0.end == nil ? $0.version : nil }
    }
}

/// A span of time in which a version with schedules was current: it decides the ticks behind its begin, up to and including
/// its end.
public struct ScheduleStretch: Hashable, Sendable {
    public var version: ConfigurationVersionID
    public var begin: Timestamp
    /// nil while it is current.
    public var end: Timestamp?

    public init(version: ConfigurationVersionID, begin: Timestamp, end: Timestamp? = nil) {
        self.version = version
        self.begin = begin
        self.end = end
    }
}

/// A run that a schedule started and that has not ended.
public struct GoingRun: Hashable, Sendable {
    public var schedule: String
    public var run: RunID

    public init(schedule: String, run: RunID) {
        self.schedule = schedule
        self.run = run
    }
}

/// What was decided about the schedules of a configuration, to be written all at once or, when somebody else decided meanwhile,
/// not at all.
public struct ScheduleDecision: Hashable, Sendable {
    public var tenant: Tenant
    public var configuration: String
    /// Of the standing that it was decided from.
    public var revision: Int64
    public var decidedUntil: Timestamp
    /// When to look again; nil for never, unless the configuration changes.
    public var wakeAt: Timestamp?
    /// Whether a tick waits for a run to end, so that the end of one is a time to look again.
    public var waitsForRun: Bool
    /// Whether the schedules are gone and all their ticks accounted for.
    public var isOver: Bool
    /// New ones, and those that waited and got another outcome or time.
    public var ticks: [ScheduleTick]
    /// The runs of those ticks that started.
    public var starts: [RunPlan]

    public init(
        tenant: Tenant, configuration: String, revision: Int64, decidedUntil: Timestamp, wakeAt: Timestamp?,
        waitsForRun: Bool = false, isOver: Bool = false, ticks: [ScheduleTick] = [], starts: [RunPlan] = []
    ) {
        self.tenant = tenant
        self.configuration = configuration
        self.revision = revision
        self.decidedUntil = decidedUntil
        self.wakeAt = wakeAt
        self.waitsForRun = waitsForRun
        self.isOver = isOver
        self.ticks = ticks
        self.starts = starts
    }
}

/// What became of a request to start the run of a tick of the past.
public enum BackfillReceipt: Hashable, Sendable {
    case started(WorkflowRunDetails)
    /// It has its run, whether a schedule or a backfill started it.
    case alreadyStarted(RunID)
    /// Its schedule will start it.
    case waiting
}
