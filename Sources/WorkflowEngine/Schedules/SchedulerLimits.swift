/// What a scheduler keeps to.
public enum SchedulerLimits {
    /// A tick that is decided so soon after its instant is on time; one that is decided later is late, and made up for as its
    /// schedule says.
    public static let grace = Duration.seconds(60)
    /// Between two starts of ticks that were late, so that what an outage has kept back does not come at once.
    public static let catchUpSpacing = Duration.seconds(10)
    /// Ticks of a configuration that are decided in one transaction. More than that are decided in several.
    public static let ticksAtOnce = 2_000
    /// Configurations that are looked at between two questions of which are due.
    public static let configurationsAtOnce = 20
    /// How often the store is asked, whatever its signals said: a clock that was set is noticed no later.
    public static let pollInterval = Duration.seconds(2)
    /// How long to wait for somebody else who decides, or for whatever keeps a decision from being written.
    public static let pause = Duration.milliseconds(200)
    /// When to look again at a configuration that cannot be read here.
    public static let retryInterval = Duration.seconds(60)
    /// Configuration versions kept in memory, read and ready.
    public static let versionsKept = 256
}
