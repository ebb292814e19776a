/// An instant at which a schedule starts a run, and its outcome.
///
/// Configuration, schedule and instant identify a tick: it has one row, and so one outcome.
public struct ScheduleTick: Hashable, Sendable {
    public var tenant: Tenant
    public var configuration: String
    /// The id of the schedule in its configuration.
    public var schedule: String
    /// The nominal time, no matter when it was decided.
    public var instant: Timestamp
    public var outcome: TickOutcome
    public var reason: TickReason?
    /// More about the reason, for people: who paused the workflow, and why.
    @Exact public var note: String?
    /// The run that it started; for a tick that was skipped or waits because of an unfinished run, that run.
    public var run: RunID?
    /// The tick of the same schedule whose run covers this one too.
    public var mergedInto: Timestamp?
    /// The earliest start of a waiting tick.
    public var dueAt: Timestamp?
    /// The beginning of the period of its run, when the schedule has periods; the period ends at the instant.
    public var periodFrom: Timestamp?
    public var decidedAt: Timestamp
    /// Whether its run was requested afterwards.
    public var isBackfilled: Bool

    public init(
        tenant: Tenant, configuration: String, schedule: String, instant: Timestamp, outcome: TickOutcome,
        reason: TickReason? = nil, note: String? = nil, run: RunID? = nil, mergedInto: Timestamp? = nil, dueAt: Timestamp? = nil,
        periodFrom: Timestamp? = nil, decidedAt: Timestamp, isBackfilled: Bool = false
    ) {
        self.tenant = tenant
        self.configuration = configuration
        self.schedule = schedule
        self.instant = instant
        self.outcome = outcome
        self.reason = reason
        self.note = note
        self.run = run
        self.mergedInto = mergedInto
        self.dueAt = dueAt
        self.periodFrom = periodFrom
        self.decidedAt = decidedAt
        self.isBackfilled = isBackfilled
    }

    /// The tick that a backfill starts by hand.
    /// - Parameter instant: the nominal time of the planned run.
    package init(backfilledBy plan: RunPlan, of schedule: String, at instant: Timestamp, decidedAt now: Timestamp) {
        self.init(
            tenant: plan.tenant, configuration: plan.configuration, schedule: schedule, instant: instant, outcome: .started,
            run: plan.id, periodFrom: plan.range?.from, decidedAt: now, isBackfilled: true)
    }

    public var place: TickPlace { TickPlace(schedule: schedule, instant: instant) }
}

/// Identifies a tick within its configuration.
public struct TickPlace: Hashable, Comparable, Sendable {
    public var schedule: String
    public var instant: Timestamp

    public init(schedule: String, instant: Timestamp) {
        self.schedule = schedule
        self.instant = instant
    }

    public static func < (left: TickPlace, right: TickPlace) -> Bool {
        (left.instant, left.schedule) < (right.instant, right.schedule)
    }
}

public enum TickOutcome: String, CaseIterable, Sendable {
    /// Its run will start: it is one of many late ticks, or a previous run is still under way.
    case waiting
    case started
    /// No run started, as the schedule specifies.
    case skipped
    /// Another tick covers it, directly or through the tick that it was merged into.
    case merged
    /// No run started, although the schedule wanted one.
    case missed

    /// Whether the outcome is final. Only a backfill changes the outcome of a tick without a run.
    public var isFinal: Bool { self != .waiting }
}

/// Why a tick has its outcome, where the outcome alone does not tell.
public enum TickReason: String, CaseIterable, Sendable {
    /// A run of the schedule was still under way.
    case overlap
    /// A newer tick replaced it while a run was still under way.
    case superseded
    /// The schedule or its workflow was paused.
    case paused
    /// It was decided too late, and one run covers all late ticks.
    case catchUp = "catch-up"
    /// It was decided too late, and the schedule does not catch up.
    case late
    /// It was decided later than the schedule's window allows.
    case window
    /// More ticks were late than the schedule catches up with.
    case limit
    /// The schedule or its configuration was removed before the tick could start.
    case removed
    /// No task of the configuration runs in the schedule's run mode.
    case nothingToRun = "nothing-to-run"
    /// A parameter that is made from the time of the tick is not accepted.
    case parameters
    /// This version of the service cannot read the configuration.
    case unreadable
}
