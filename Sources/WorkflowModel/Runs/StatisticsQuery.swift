/// Selects statistics of deleted runs.
public struct StatisticsFilter: Hashable, Sendable {
    /// Statistics of days that begin in this window.
    public var window: TimeWindow
    /// Any of these states.
    public var states: Set<RunState>?
    public var types: TextChoice
    /// Ids of workflows.
    public var configurations: TextChoice
    public var attributions: Set<Attribution>?

    public init(
        window: TimeWindow = TimeWindow(), states: Set<RunState>? = nil, types: TextChoice = TextChoice(),
        configurations: TextChoice = TextChoice(), attributions: Set<Attribution>? = nil
    ) {
        self.window = window
        self.states = states
        self.types = types
        self.configurations = configurations
        self.attributions = attributions
    }

    /// The conditions of a filter of runs, with its window on their creation.
    ///
    /// nil when the filter has a condition that statistics cannot answer, such as one on labels.
    public init?(_ filter: RunFilter) {
        self.init(
            window: filter.created ?? TimeWindow(), states: filter.states, types: filter.types,
            configurations: filter.configurations, attributions: filter.attributions)
        var same = RunFilter(created: filter.created, states: states, types: types)
        same.configurations = configurations
        same.attributions = attributions
        guard same == filter else { return nil }
    }

    public func matches(_ statistic: RunStatistic) -> Bool {
        if let states, !states.contains(statistic.state) { return false }
        if let attributions, !(statistic.attribution.map(attributions.contains) ?? false) { return false }
        return window.contains(statistic.day) && types.matches(statistic.type) && configurations.matches(statistic.configuration)
    }
}

/// A request for the statistics of deleted runs.
public struct StatisticsQuery: Hashable, Sendable {
    /// Groups of an answer.
    public static let limits = 1...10_000
    public static let defaultLimit = 1_000
    /// Statistics that an answer is made of. The newest days with so many in all are counted.
    public static let mostRead = 200_000

    public var tenant: Tenant
    public var filter: StatisticsFilter
    /// Runs are grouped by these; empty for one group.
    public var dimensions: Set<StatisticDimension>
    /// Within ``limits``.
    public var limit: Int
    public var mostRead = Self.mostRead

    public init(
        tenant: Tenant, filter: StatisticsFilter = StatisticsFilter(), dimensions: Set<StatisticDimension> = [.day],
        limit: Int = Self.defaultLimit
    ) {
        self.tenant = tenant
        self.filter = filter
        self.dimensions = dimensions
        self.limit = limit
    }

    /// In the order of ``StatisticDimension``.
    public var sortedDimensions: [StatisticDimension] { StatisticDimension.allCases.filter(dimensions.contains) }
}

/// Runs that retention deleted, in groups.
public struct RunStatistics: Hashable, Sendable {
    public struct Group: Hashable, Sendable {
        /// Without the dimensions in which the runs have no value.
        public var values: [StatisticDimension: ExactText]
        public var figures: RunFigures

        public init(values: [StatisticDimension: ExactText], figures: RunFigures) {
            self.values = values
            self.figures = figures
        }
    }

    /// All matching runs that were counted, also those whose group is beyond the limit.
    public var total: RunFigures
    /// By day the newest first, then those with most runs first.
    public var groups: [Group]
    /// Whether all matching runs are in ``groups``. Otherwise older days, or groups with fewer runs, are missing.
    public var isComplete: Bool

    /// No runs.
    public init() {
        self.init(total: .none, groups: [], isComplete: true)
    }

    public init(total: RunFigures, groups: [Group], isComplete: Bool) {
        self.total = total
        self.groups = groups.sorted { $0.precedes($1) }
        self.isComplete = isComplete
    }

    /// The runs of each day by state; needs the dimensions day and state.
    public var countsByDay: [RunCount] {
        var counts: [Timestamp: [RunState: Int]] = [:]
        for group in groups {
            guard let day = group.values[.day].flatMap({ Timestamp(iso8601: $0.text) }),
                let state = group.values[.state].flatMap({ RunState(rawValue: $0.text) })
            else { continue }
            counts[day, default: [:]][state, default: 0] += group.figures.runs
        }
        return counts.sorted { $0.key < $1.key }.map { RunCount(start: $0.key, byState: $0.value) }
    }
}

extension RunStatistics.Group {
    fileprivate func precedes(_ other: Self) -> Bool {
        if let day = values[.day], let otherDay = other.values[.day], day != otherDay { return day > otherDay }
        if figures.runs != other.figures.runs { return figures.runs > other.figures.runs }
        for dimension in StatisticDimension.allCases where values[dimension] != other.values[dimension] {
            guard let value = values[dimension] else { return false }
            guard let otherValue = other.values[dimension] else { return true }
            return value < otherValue
        }
        return false
    }
}
