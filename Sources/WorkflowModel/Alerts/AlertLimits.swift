/// The limits of alerts.
public enum AlertLimits {
    /// Receivers of one tenant.
    public static let receivers = 50
    /// Entries of `alerts` in a configuration.
    public static let routes = 20
    /// Types, or configurations, in one rule.
    public static let filters = 50
    /// Bytes of a receiver's address.
    public static let urlBytes = 2_048
    /// How long the previous secret keeps signing after a rotation.
    public static let previousSecretValidity = Duration.seconds(86_400)
    /// The wait after each failed attempt. After the last one the alert is given up, a day after it was raised.
    public static let delays: [Duration] = [
        .seconds(5), .seconds(300), .seconds(1_800), .seconds(7_200), .seconds(18_000), .seconds(36_000), .seconds(21_600),
    ]
    /// How long a claimed alert belongs to its sender; longer than an attempt takes.
    public static let lease = Duration.seconds(60)
    /// The longest duration of an attempt, from resolving the host name to the answer.
    public static let attempt = Duration.seconds(20)
    /// The longest time to connect.
    public static let connect = Duration.seconds(5)
    /// Attempts under way in one process; each receiver has at most one.
    public static let inFlight = 64
    /// How often due alerts are claimed.
    public static let interval = Duration.seconds(1)
    /// Warnings in a message. It has their number, too.
    public static let warnings = 5
}
