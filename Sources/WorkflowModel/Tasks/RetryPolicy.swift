/// When a failed task is tried again, and after how long.
public struct RetryPolicy: Hashable, Sendable {
    /// Attempts altogether, the first included.
    public var attempts: Int
    public var firstDelay: Duration
    /// What the delay is multiplied by from one attempt to the next.
    public var factor: Double
    public var maxDelay: Duration
    /// The faults that another attempt may help against.
    public var retries: Set<Attribution>

    public static let standard = RetryPolicy()

    public init(
        attempts: Int = 3, firstDelay: Duration = .seconds(5), factor: Double = 2, maxDelay: Duration = .seconds(300),
        retries: Set<Attribution> = [.platform]
    ) {
        self.attempts = attempts
        self.firstDelay = firstDelay
        self.factor = factor
        self.maxDelay = maxDelay
        self.retries = retries
    }

    /// How long to wait before the attempt after a failed one; nil when there is none.
    ///
    /// - Parameters:
    ///   - attempt: the attempt that failed, from 1.
    ///   - error: what it failed with; its attribution decides whether another attempt may help.
    ///   - random: from 0 up to but not including 1. Half of the delay is fixed, half of it random, so that tasks that
    ///     failed together do not come back together and none comes back at once.
    public func delay(after attempt: Int, failedWith error: RunError, random: Double) -> Duration? {
        guard attempt < attempts, retries.contains(error.attribution) else { return nil }
        var seconds = firstDelay / .seconds(1)
        let ceiling = maxDelay / .seconds(1)
        for _ in 1..<max(attempt, 1) where seconds < ceiling {
            seconds *= factor
        }
        let bounded = min(seconds, ceiling)
        return .seconds(bounded / 2 + bounded / 2 * random)
    }
}
