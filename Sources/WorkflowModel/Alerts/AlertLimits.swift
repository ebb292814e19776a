/// What alerts are held to, each named once.
public enum AlertLimits {
    /// Receivers of one tenant.
    public static let receivers = 50
    /// Entries of `alerts` in a configuration.
    public static let routes = 20
    /// Types, or configurations, that one rule names.
    public static let filters = 50
    /// Bytes of a receiver's address.
    public static let urlBytes = 2_048
    /// How long the secret before the current one goes on signing.
    public static let formerSecretValidity = Duration.seconds(86_400)
    /// What is waited for after each attempt that failed; after the last one the alert is given up, a day after it was raised.
    public static let delays: [Duration] = [
        .seconds(5), .seconds(300), .seconds(1_800), .seconds(7_200), .seconds(18_000), .seconds(36_000), .seconds(21_600),
    ]
    /// How long whoever sends an alert has it to itself: longer than an attempt takes.
    public static let lease = Duration.seconds(60)
    /// How long an attempt may take, from looking up the name to the answer.
    public static let attempt = Duration.seconds(20)
    /// How long connecting may take.
    public static let connect = Duration.seconds(5)
    /// Attempts under way in one process. A receiver has one at a time.
    public static let inFlight = 64
    /// How often it is looked whether anything is due.
    public static let interval = Duration.seconds(1)
    /// Characters of what is kept of an answer.
    public static let answerCharacters = 200
}
