/// When a workflow runs by itself: the ticks of a cron expression in a zone, and what becomes of them when something is in the way.
public struct Schedule: Hashable, Sendable {
    /// What becomes of ticks that nobody was there for.
    public enum CatchUp: String, CaseIterable, Sendable {
        /// They are missed.
        case none
        /// The last one runs, and stands for those before it.
        case last
        /// Each runs, up to a limit.
        case all
    }

    /// What a tick does while a run that the same schedule started is still going.
    public enum Overlap: String, CaseIterable, Sendable {
        case skip
        /// It waits for that run's end; a later one takes its place.
        case queue
        case allow
    }

    /// The range of time that a run is about.
    public enum Range: String, CaseIterable, Sendable {
        case none
        /// From the tick before up to this one.
        case period
    }

    /// What a configuration's only schedule is called that names itself by nothing.
    public static let defaultID = "default"
    public static let defaultZone = "UTC"
    /// How many ticks `all` catches up with, unless it says otherwise.
    public static let defaultCatchUpLimit = 50

    /// Unique in its configuration.
    public var id: String
    public var cron: CronExpression
    /// The IANA name of the zone whose clocks it goes by.
    public var timeZone: String
    public var catchUp: CatchUp
    /// The most ticks that `all` catches up with: the newest ones.
    public var catchUpLimit: Int
    /// How old a tick may be that is caught up with.
    public var window: Duration?
    public var overlap: Overlap
    /// The first instant at which there may be a tick.
    public var starts: Timestamp?
    /// The instant from which on there is none.
    public var ends: Timestamp?
    public var isPaused: Bool
    /// The mode of its runs; the configuration's own where it names none.
    public var runMode: RunMode?
    public var range: Range

    public init(
        id: String = Schedule.defaultID, cron: CronExpression, timeZone: String = Schedule.defaultZone, catchUp: CatchUp = .last,
        catchUpLimit: Int = Schedule.defaultCatchUpLimit, window: Duration? = nil, overlap: Overlap = .skip,
        starts: Timestamp? = nil, ends: Timestamp? = nil, isPaused: Bool = false, runMode: RunMode? = nil, range: Range = .none
    ) {
        self.id = id
        self.cron = cron
        self.timeZone = timeZone
        self.catchUp = catchUp
        self.catchUpLimit = catchUpLimit
        self.window = window
        self.overlap = overlap
        self.starts = starts
        self.ends = ends
        self.isPaused = isPaused
        self.runMode = runMode
        self.range = range
    }
}
