/// What a configuration may be at most. A reader refuses what is beyond, so nothing behind it has to look.
public enum ConfigurationLimits {
    /// Bytes of a configuration's text.
    public static let textBytes = 262_144
    /// Levels of lists and mappings inside each other.
    public static let depth = 64
    public static let stages = 100
    /// Tasks of all stages together.
    public static let tasks = 1_000
    public static let schedules = 50
    /// What `catch_up_limit` may be.
    public static let catchUp = 1...1_000
    /// Items of a command, the program included.
    public static let commandItems = 1_000
    /// Bytes of all items of a command together.
    public static let commandBytes = 131_072
    /// Characters of the ids of configurations and tasks.
    public static let idCharacters = 128
    /// Characters of names, labels and types.
    public static let nameCharacters = 256
    public static let headers = 100
    /// Bytes of the value of a header.
    public static let headerBytes = 8_192
    /// Bytes of the URL of a call.
    public static let urlBytes = 8_192
    /// Attempts at a task, the first included.
    public static let attempts = 1...100
    /// What the delay between two attempts may be multiplied by.
    public static let retryFactor = 1.0...100.0
    /// Runs of a configuration that may be allowed at once.
    public static let concurrency = 1...10_000
    /// Resources that a task uses.
    public static let resourcesUsed = 20
    /// The longest duration that may be named: 365 days.
    public static let longestDuration = Duration.seconds(365 * 86_400)
    /// Complaints about one text; what is beyond is only counted.
    public static let problems = 100
}
