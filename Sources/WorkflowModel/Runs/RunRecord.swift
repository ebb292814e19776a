/// How the last runs of a configuration went: whether it is flaky, and whether it is slow.
public struct RunRecord: Hashable, Sendable {
    /// Runs that are looked at.
    public static let most = 30
    /// Runs of a configuration to read for it: one may still go on.
    public static let runsToRead = most + 1

    /// Those that ended by themselves; what somebody stopped says nothing.
    public var ended: Int
    public var succeeded: Int
    /// Half of them took no longer.
    public var median: Duration
    /// Nineteen of twenty took no longer.
    public var percentile95: Duration

    public init(ended: Int, succeeded: Int, median: Duration, percentile95: Duration) {
        self.ended = ended
        self.succeeded = succeeded
        self.median = median
        self.percentile95 = percentile95
    }

    /// - Parameter runs: newest first.
    /// - Returns: nil when none has ended by itself.
    public init?(_ runs: [WorkflowRun]) {
        let ended = runs.filter { $0.state == .succeeded || $0.state == .failed }.prefix(Self.most)
        let durations = ended.compactMap { run in run.endedAt.map { max(.zero, $0 - run.createdAt) } }.sorted()
        guard !durations.isEmpty else { return nil }
        self.ended = durations.count
        succeeded = ended.count { $0.state == .succeeded }
        median = Self.percentile(50, of: durations)
        percentile95 = Self.percentile(95, of: durations)
    }

    /// In whole percent; 100 only when all have succeeded, and 0 only when none has.
    public var successPercent: Int {
        if succeeded == ended { return 100 }
        return succeeded == 0 ? 0 : min(99, max(1, (succeeded * 200 + ended) / (ended * 2)))
    }

    /// By nearest rank.
    private static func percentile(_ percent: Int, of sorted: [Duration]) -> Duration {
        sorted[max(0, (sorted.count * percent + 99) / 100 - 1)]
    }
}
