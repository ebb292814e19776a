/// How many runs of an hour or a day match, by state: a bar of the chart above a list of runs.
public struct RunCount: Hashable, Sendable {
    /// Steps in one answer at most: every hour of two weeks or every day of a year, and a few.
    public static let mostSteps = 400

    /// When the hour or day begins.
    public var start: Timestamp
    /// Only states that a matching run is in.
    public var byState: [RunState: Int]

    public init(start: Timestamp, byState: [RunState: Int]) {
        self.start = start
        self.byState = byState
    }

    public var total: Int { byState.values.reduce(0, +) }
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

    /// When the hour or day that `instant` lies in begins.
    public func start(of instant: Timestamp) -> Timestamp {
        let (width, time) = (width.milliseconds, instant.milliseconds)
        let into = time % width
        return Timestamp(milliseconds: time - (into < 0 ? into + width : into))
    }
}
