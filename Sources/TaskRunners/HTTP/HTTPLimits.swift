/// The limits that every HTTP call is held to, each named once.
public enum HTTPLimits {
    /// How much of a reply is kept as the task's output, in bytes: 64 KiB.
    public static let replyKept = 1 << 16
    /// How much of a reply is read at all, in bytes: 1 MiB. The connection of a longer one is closed.
    public static let replyRead = 1 << 20
    /// How much of a reply is printed, in bytes: 4 KiB.
    public static let replyPrinted = 1 << 12
    /// How long connecting may take. How long the whole call may take is the task's timeout.
    public static let connect = Duration.seconds(10)
    /// Connections to one host that are open at once.
    public static let connectionsPerHost = 256
}
