/// One instant at which a schedule says that a run is to start, and what became of it.
///
/// A configuration, a schedule of it and the instant name one tick and no other: it has one row, and so one outcome.
public struct ScheduleTick: Hashable, Sendable {
    public var tenant: Tenant
    public var configuration: String
    /// The id of the schedule in its configuration.
    public var schedule: String
    /// The nominal time, whenever it was looked at.
    public var instant: Timestamp
    public var outcome: TickOutcome
    public var reason: TickReason?
    /// What it started; of one that was skipped or waits because of a run still going, that run.
    public var run: RunID?
    /// The tick of the same schedule whose run stands for this one, too.
    public var mergedInto: Timestamp?
    /// When a waiting one may start, at the earliest.
    public var dueAt: Timestamp?
    /// Where the period of its run begins, when the schedule asks for one; it ends at the instant.
    public var periodFrom: Timestamp?
    public var decidedAt: Timestamp
    /// Whether somebody asked for its run afterwards.
    public var isBackfilled: Bool

    public init(
        tenant: Tenant, configuration: String, schedule: String, instant: Timestamp, outcome: TickOutcome,
        reason: TickReason? = nil, run: RunID? = nil, mergedInto: Timestamp? = nil, dueAt: Timestamp? = nil,
        periodFrom: Timestamp? = nil, decidedAt: Timestamp, isBackfilled: Bool = false
    ) {
        self.tenant = tenant
        self.configuration = configuration
        self.schedule = schedule
        self.instant = instant
        self.outcome = outcome
        self.reason = reason
        self.run = run
        self.mergedInto = mergedInto
        self.dueAt = dueAt
        self.periodFrom = periodFrom
        self.decidedAt = decidedAt
        self.isBackfilled = isBackfilled
    }

    public var place: TickPlace { TickPlace(schedule: schedule, instant: instant) }
}

/// What tells a tick from the others of its configuration.
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
    /// Its run will start: it is one of many that were late, or a run before it still goes.
    case waiting
    case started
    /// Nothing started, as the schedule says.
    case skipped
    /// Another tick stands for it, with its run or in what it was merged into in its turn.
    case merged
    /// Nothing started, and the schedule would have had it otherwise.
    case missed

    /// Whether nothing will become of it any more. Only a backfill gives one that started nothing a run.
    public var isFinal: Bool { self != .waiting }
}

/// Why a tick has its outcome, where the outcome alone does not say.
public enum TickReason: String, CaseIterable, Sendable {
    /// A run that the schedule had started was still going.
    case overlap
    /// A newer tick took its place behind a run that was still going.
    case superseded
    case paused
    /// It was looked at too late, and one for all that were late is enough.
    case catchUp = "catch-up"
    /// It was looked at too late, and the schedule wants nothing made up for.
    case late
    /// It was looked at later than the schedule's window allows.
    case window
    /// More ticks were late than the schedule makes up for.
    case limit
    /// The schedule or its configuration was removed before it could start.
    case removed
    /// The configuration has nothing to do in the schedule's run mode.
    case nothingToRun = "nothing-to-run"
    /// The configuration cannot be read by this version of the service.
    case unreadable
}
