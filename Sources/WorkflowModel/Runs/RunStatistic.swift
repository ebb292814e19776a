/// The number and runtimes of runs that retention deleted, of one day, workflow, type, state and attribution.
public struct RunStatistic: Hashable, Sendable {
    /// The first instant of the UTC day on which the runs were created.
    public var day: Timestamp
    /// The id of the workflow; nil for runs without one.
    @Exact public var configuration: String?
    @Exact public var type: String
    /// A final state.
    public var state: RunState
    /// Of the error; nil for runs without an attribution.
    public var attribution: Attribution?
    public var figures: RunFigures

    public init(
        day: Timestamp, configuration: String?, type: String, state: RunState, attribution: Attribution?, figures: RunFigures
    ) {
        self.day = day
        self.configuration = configuration
        self.type = type
        self.state = state
        self.attribution = attribution
        self.figures = figures
    }
}

/// A number of runs that have ended, and their runtimes from creation to end, in whole milliseconds.
public struct RunFigures: Hashable, Sendable {
    /// The runtime that a run counts with at most, a hundred years, so that no sum overflows.
    public static let longestRuntime = Duration.seconds(36_500 * 86_400)

    public var runs: Int
    /// The sum.
    public var totalRuntime: Duration
    public var longestRuntime: Duration

    public init(runs: Int, totalRuntime: Duration, longestRuntime: Duration) {
        self.runs = runs
        self.totalRuntime = totalRuntime
        self.longestRuntime = longestRuntime
    }

    /// One run.
    /// - Parameter runtime: is counted as one from zero to ``longestRuntime``.
    public init(ofRunThatTook runtime: Duration) {
        let counted = min(max(runtime, .zero), Self.longestRuntime)
        self.init(runs: 1, totalRuntime: counted, longestRuntime: counted)
    }

    public static let none = RunFigures(runs: 0, totalRuntime: .zero, longestRuntime: .zero)

    /// nil without runs; rounded down to whole milliseconds.
    public var meanRuntime: Duration? {
        runs > 0 ? .milliseconds(totalRuntime.milliseconds / Int64(runs)) : nil
    }

    public mutating func add(_ other: RunFigures) {
        runs += other.runs
        totalRuntime += other.totalRuntime
        longestRuntime = max(longestRuntime, other.longestRuntime)
    }
}

/// The dimensions of statistics.
public enum StatisticDimension: String, CaseIterable, Sendable {
    case day
    case state
    case type
    case configuration = "config_id"
    case attribution

    /// The value of a statistic, a day as `2024-02-10`; nil when its runs have none.
    public func value(of statistic: RunStatistic) -> String? {
        switch self {
        case .day: statistic.day.isoDay
        case .state: statistic.state.rawValue
        case .type: statistic.type
        case .configuration: statistic.configuration
        case .attribution: statistic.attribution?.rawValue
        }
    }
}

extension Timestamp {
    /// The UTC day that contains the instant: `2024-02-10`.
    public var isoDay: String { String(iso8601.prefix(10)) }
}
