/// The number of matching runs in an hour or a day, by state: a bar of the chart above a list of runs.
public struct RunCount: Hashable, Sendable {
    /// Steps returned at most: every hour of two weeks or every day of a year, and a few more.
    public static let mostSteps = 400

    /// The beginning of the hour or day.
    public var start: Timestamp
    /// Contains only states with matching runs.
    public var byState: [RunState: Int]

    public init(start: Timestamp, byState: [RunState: Int]) {
        self.start = start
        self.byState = byState
    }

    public var total: Int { byState.values.reduce(0, +) }
}

/// The numbers of matching runs in the steps that have some, oldest first.
public struct RunCounts: Hashable, Sendable {
    public var steps: [RunCount]
    /// Whether all steps are counted; otherwise the budget was used up, and older runs are missing.
    public var isComplete: Bool

    public init(_ steps: [RunCount] = [], isComplete: Bool = true) {
        self.steps = steps
        self.isComplete = isComplete
    }
}

/// A request to count runs by steps of time.
public struct RunCountQuery: Hashable, Sendable {
    public var tenant: Tenant
    public var filter: RunFilter
    public var step: CountStep
    public var budget = SearchBudget.standard

    public init(tenant: Tenant, filter: RunFilter = RunFilter(), step: CountStep) {
        self.tenant = tenant
        self.filter = filter
        self.step = step
    }
}

/// The steps of time in which runs are counted, in UTC.
public enum CountStep: String, CaseIterable, Sendable {
    case hour
    case day

    public var width: Duration {
        switch self {
        case .hour: .seconds(3_600)
        case .day: .seconds(86_400)
        }
    }

    /// The beginning of the hour or day that contains `instant`.
    public func start(of instant: Timestamp) -> Timestamp {
        let (width, time) = (width.milliseconds, instant.milliseconds)
        let into = time % width
        return Timestamp(milliseconds: time - (into < 0 ? into + width : into))
    }
}
