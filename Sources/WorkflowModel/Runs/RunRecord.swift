/// One of the newest runs of a configuration.
public struct RecentRun: Hashable, Sendable {
    public var run: WorkflowRun
    /// Whether it is a rerun that kept results of tasks. Then its duration does not represent a full run.
    public var keepsTasks: Bool
    /// Whether it is imported history of the workflow, which this service did not run.
    public var isImported: Bool

    public init(_ run: WorkflowRun, keepsTasks: Bool = false, isImported: Bool = false) {
        self.run = run
        self.keepsTasks = keepsTasks
        self.isImported = isImported
    }

    /// The duration of a full successful run; nil for other runs.
    public var wholeDuration: Duration? {
        guard run.state == .succeeded, !keepsTasks else { return nil }
        return run.endedAt.map { max(.zero, $0 - run.createdAt) }
    }
}

/// Statistics of a configuration's latest runs, which show whether it is flaky or slow.
public struct RunRecord: Hashable, Sendable {
    /// Runs considered at most.
    public static let most = 30
    /// Runs of a configuration to read: one of them may still be under way.
    public static let runsToRead = most + 1

    /// Runs that succeeded or failed. Stopped runs do not count.
    public var ended: Int
    public var succeeded: Int
    /// The median duration of full successful runs; nil without any. Failed runs end early and reruns with kept results do less
    /// work, so neither counts.
    public var median: Duration?
    /// The 95th percentile of the same durations.
    public var percentile95: Duration?

    public init(ended: Int, succeeded: Int, median: Duration?, percentile95: Duration?) {
        self.ended = ended
        self.succeeded = succeeded
        self.median = median
        self.percentile95 = percentile95
    }

    /// - Parameters:
    ///   - runs: newest first.
    ///   - most: runs considered at most.
    /// - Returns: nil when no run has succeeded or failed.
    public init?(_ runs: [RecentRun], most: Int = Self.most) {
        let ended = runs.filter { $0.run.state == .succeeded || $0.run.state == .failed }.prefix(most)
        guard !ended.isEmpty else { return nil }
        let durations = ended.compactMap(\.wholeDuration).sorted()
        self.ended = ended.count
        succeeded = ended.count { $0.run.state == .succeeded }
        median = Self.percentile(50, of: durations)
        percentile95 = Self.percentile(95, of: durations)
    }

    /// In whole percent; 100 only when all have succeeded, and 0 only when none has.
    public var successPercent: Int {
        if succeeded == ended { return 100 }
        return succeeded == 0 ? 0 : min(99, max(1, (succeeded * 200 + ended) / (ended * 2)))
    }

    /// By nearest rank.
    private static func percentile(_ percent: Int, of sorted: [Duration]) -> Duration? {
        sorted.isEmpty ? nil : sorted[max(0, (sorted.count * percent + 99) / 100 - 1)]
    }
}
