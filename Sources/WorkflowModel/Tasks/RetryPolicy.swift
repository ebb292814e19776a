/// The retries of a task: how many, for which errors, and after which delay.
public struct RetryPolicy: Hashable, Sendable {
    /// Attempts in total, including the first.
    public var attempts: Int
    public var firstDelay: Duration
    /// Multiplies the delay from one attempt to the next.
    public var factor: Double
    public var maxDelay: Duration
    /// The attributions of errors that are retried.
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

    /// The delay before the next attempt; nil when no attempt follows.
    ///
    /// - Parameters:
    ///   - attempt: the failed attempt, from 1.
    ///   - error: its error; the attribution decides about a retry.
    ///   - random: from 0 up to, but not including, 1. Half of the delay is random, so that tasks that failed together do not retry
    ///     together, and none retries at once.
    public func delay(after attempt: Int, failedWith error: RunError, random: Double) -> Duration? {
        guard attempt < attempts, let attribution = error.attribution, retries.contains(attribution) else { return nil }
        var seconds = firstDelay / .seconds(1)
        let ceiling = maxDelay / .seconds(1)
        for _ in 1..<max(attempt, 1) where seconds < ceiling {
            seconds *= factor
        }
        let bounded = min(seconds, ceiling)
        return .seconds(bounded / 2 + bounded / 2 * random)
    }
}
