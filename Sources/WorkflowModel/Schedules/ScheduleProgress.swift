/// The progress of a configuration's schedules, with all data that the next decision needs.
public struct ScheduleProgress: Hashable, Sendable {
    public var tenant: Tenant
    public var configuration: String
    /// Increases with every decision and every change, so that one of two concurrent decisions is rejected.
    public var revision: Int64
    /// Every tick up to and including this instant has its outcome.
    public var decidedUntil: Timestamp
    /// The versions and when each was current, oldest first. The last one has no end while the configuration exists.
    public var stretches: [ScheduleStretch]
    /// Waiting ticks, oldest first.
    public var waiting: [ScheduleTick]
    /// Ticks after ``decidedUntil`` that have an outcome already: they were backfilled, or the clock was set back.
    public var decidedAhead: Set<TickPlace>
    /// Unfinished runs that the schedules started, oldest first.
    public var going: [UnfinishedRun]
    /// The last pause of the workflow, which may have ended: ticks before its end may be undecided.
    public var pause: WorkflowPause?

    public init(
        tenant: Tenant, configuration: String, revision: Int64, decidedUntil: Timestamp, stretches: [ScheduleStretch],
        waiting: [ScheduleTick] = [], decidedAhead: Set<TickPlace> = [], going: [UnfinishedRun] = [], pause: WorkflowPause? = nil
    ) {
        self.tenant = tenant
        self.configuration = configuration
        self.revision = revision
        self.decidedUntil = decidedUntil
        self.stretches = stretches
        self.waiting = waiting
        self.decidedAhead = decidedAhead
        self.going = going
        self.pause = pause
    }

    /// The version that runs start with; nil when the configuration was deleted or no longer has schedules.
    public var currentVersion: ConfigurationVersionID? {
        stretches.last.flatMap { $0.end == nil ? $0.version : nil }
    }
}

/// A period in which a version with schedules was current. It decides the ticks after its beginning, up to and including its end.
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

/// An unfinished run that a schedule started.
public struct UnfinishedRun: Hashable, Sendable {
    public var schedule: String
    public var run: RunID

    public init(schedule: String, run: RunID) {
        self.schedule = schedule
        self.run = run
    }
}

/// A decision about the schedules of a configuration. It is written as a whole, or not at all after a concurrent decision.
public struct ScheduleDecision: Hashable, Sendable {
    public var tenant: Tenant
    public var configuration: String
    /// The revision of the progress that the decision is based on.
    public var revision: Int64
    public var decidedUntil: Timestamp
    /// When the next decision is due; nil for never, unless the configuration changes.
    public var wakeAt: Timestamp?
    /// Whether a tick waits for a run to end, so that the end of a run makes a decision due.
    public var waitsForRun: Bool
    /// Whether the schedules were removed and all their ticks have an outcome.
    public var isOver: Bool
    /// New ticks, and waiting ticks with a new outcome or time.
    public var ticks: [ScheduleTick]
    /// The runs of the ticks that started.
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

/// The result of a request to backfill a tick.
public enum BackfillReceipt: Hashable, Sendable {
    case started(WorkflowRunDetails)
    /// The tick has its run, started by a schedule or a backfill.
    case alreadyStarted(RunID)
    /// The schedule will start its run.
    case waiting
}
