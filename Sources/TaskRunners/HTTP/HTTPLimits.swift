/// Limits of HTTP requests.
public enum HTTPLimits {
    /// Bytes of a response kept as the task's output: 1 MiB, also as JSON. A text with many escapes is cut earlier, and so are bytes that
    /// are no text.
    public static let replyKept = 1 << 20
    /// Bytes of a response read: 1 MiB. The connection is closed when a response is longer.
    public static let replyRead = 1 << 20
    /// Bytes of a response printed: 4 KiB.
    public static let replyPrinted = 1 << 12
    /// Time to connect. The task's timeout limits the whole request.
    public static let connect = Duration.seconds(10)
    /// The longest wait for the next attempt that a response can ask for with `Retry-After`.
    public static let longestRetryAfter = Duration.seconds(3_600)
    /// The longest time of one poll of a job.
    public static let poll = Duration.seconds(30)
    /// Failed polls in a row that end the wait for a job.
    public static let failedPolls = 5
    /// The longest time of the call that cancels a job, and of waiting for the response that names it after a stop.
    public static let cancel = Duration.seconds(10)
    /// Characters of a job's own words in the error of its task.
    public static let jobMessage = 1_000
    /// Concurrent connections per host.
    public static let connectionsPerHost = 256
}
