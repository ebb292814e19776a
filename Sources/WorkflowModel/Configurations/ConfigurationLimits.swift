/// The limits of a configuration. The reader refuses larger ones, so no later step has to check.
public enum ConfigurationLimits {
    /// Bytes of a configuration's text.
    public static let textBytes = 262_144
    /// Nesting of lists and mappings.
    public static let depth = 64
    public static let stages = 100
    /// Tasks of all stages together.
    public static let tasks = 1_000
    public static let schedules = 50
    /// Accepted values of `catch_up_limit`.
    public static let catchUp = 1...1_000
    /// Items of a command, including the program.
    public static let commandItems = 1_000
    /// Bytes of all items of a command together.
    public static let commandBytes = 131_072
    /// Bytes of the ids of configurations and tasks, which are ASCII.
    public static let idBytes = 128
    public static let headers = 100
    /// Bytes of the value of a header.
    public static let headerBytes = 8_192
    /// Bytes of the URL of a call.
    public static let urlBytes = 8_192
    /// Accepted values of `follow`.
    public static let redirections = 0...10
    /// Outputs picked from the reply of a call.
    public static let replyOutputs = 50
    /// Accepted values of `every` of a poll.
    public static let pollIntervals = Duration.seconds(1)...Duration.seconds(3_600)
    /// Default of `every`.
    public static let standardPollInterval = Duration.seconds(10)
    /// Default of `timeout` of a task with `poll`: 24 hours, because a poll has to end.
    public static let standardPollTimeout = Duration.seconds(86_400)
    /// Accepted numbers of texts that a value of a poll's reply is compared with.
    public static let pollStates = 1...50
    /// Bytes of such a text.
    public static let pollStateBytes = 500
    /// Attempts at a task, including the first.
    public static let attempts = 1...100
    /// Accepted factors for the delay between two attempts.
    public static let retryFactor = 1.0...100.0
    /// Accepted concurrency limits of a configuration.
    public static let concurrency = 1...10_000
    /// Resources of one task.
    public static let resourcesUsed = 20
    /// The longest accepted duration: 365 days.
    public static let longestDuration = Duration.seconds(365 * 86_400)
    /// Default of `after_stop`.
    public static let standardAfterStop = Duration.seconds(120)
    /// The longest accepted `after_stop`: one hour, because a stop has to end.
    public static let longestAfterStop = Duration.seconds(3_600)
    /// Problems reported for one text; further ones are only counted.
    public static let problems = 100
}
