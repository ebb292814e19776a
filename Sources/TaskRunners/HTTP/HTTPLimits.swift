/// Limits of HTTP requests.
public enum HTTPLimits {
    /// Bytes of a response kept as the task's output: 64 KiB.
    public static let replyKept = 1 << 16
    /// Bytes of a response read: 1 MiB. The connection is closed when a response is longer.
    public static let replyRead = 1 << 20
    /// Bytes of a response printed: 4 KiB.
    public static let replyPrinted = 1 << 12
    /// Time to connect. The task's timeout limits the whole request.
    public static let connect = Duration.seconds(10)
    /// Concurrent connections per host.
    public static let connectionsPerHost = 256
}
