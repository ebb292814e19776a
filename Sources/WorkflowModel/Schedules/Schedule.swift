/// A schedule of a workflow: the ticks of a cron expression in a time zone, and the rules for late and overlapping ticks.
public struct Schedule: Hashable, Sendable {
    /// The rule for ticks that were due while the service was down.
    public enum CatchUp: String, CaseIterable, Sendable {
        /// They are skipped as missed.
        case none
        /// The last one runs and replaces the others.
        case last
        /// All of them run, up to a limit.
        case all
    }

    /// The rule for a tick that is due while a run of the same schedule is under way.
    public enum Overlap: String, CaseIterable, Sendable {
        case skip
        /// The tick waits for the end of that run; a later tick replaces it.
        case queue
        case allow
    }

    /// The time range that a run covers.
    public enum Range: String, CaseIterable, Sendable {
        case none
        /// From the previous tick up to this one.
        case period
    }

    /// The id of a configuration's only schedule when it has none of its own.
    public static let defaultID = "default"
    public static let defaultZone = "UTC"
    /// The limit of `catch_up: all` when none is set.
    public static let defaultCatchUpLimit = 50

    /// Unique in its configuration.
    public var id: String
    public var cron: CronExpression
    /// The IANA name of the time zone.
    public var timeZone: String
    public var catchUp: CatchUp
    /// How many late ticks `catch_up: all` runs: the newest ones.
    public var catchUpLimit: Int
    /// The greatest age of a late tick that is still run; nil for any age.
    public var window: Duration?
    public var overlap: Overlap
    /// No tick is earlier than this instant.
    public var starts: Timestamp?
    /// No tick is at or after this instant.
    public var ends: Timestamp?
    public var isPaused: Bool
    /// The mode of its runs; nil for the configuration's default.
    public var runMode: RunMode?
    public var range: Range
    /// The parameters of its runs that have other values than their defaults.
    public var parameters: [ParameterSetting]

    public init(
        id: String = Schedule.defaultID, cron: CronExpression, timeZone: String = Schedule.defaultZone, catchUp: CatchUp = .last,
        catchUpLimit: Int = Schedule.defaultCatchUpLimit, window: Duration? = nil, overlap: Overlap = .skip,
        starts: Timestamp? = nil, ends: Timestamp? = nil, isPaused: Bool = false, runMode: RunMode? = nil, range: Range = .none,
        parameters: [ParameterSetting] = []
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
        self.parameters = parameters
    }
}
