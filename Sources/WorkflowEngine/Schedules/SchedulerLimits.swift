/// Limits of a scheduler.
public enum SchedulerLimits {
    /// A tick decided within this time after its instant is on time. Later ones are late, and are caught up as the schedule says.
    public static let grace = Duration.seconds(60)
    /// Pause between two starts of late ticks, so that the backlog of an outage does not start all at the same time.
    public static let catchUpSpacing = Duration.seconds(10)
    /// Ticks of a configuration decided in one transaction. More ticks take several transactions.
    public static let ticksAtOnce = 2_000
    /// Configurations handled between two queries for those that are due.
    public static let configurationsAtOnce = 20
    /// How often the store is polled, independently of its signals. A changed clock is noticed within this time.
    public static let pollInterval = Duration.seconds(2)
    /// Pause after another scheduler was faster, or after a decision could not be written.
    public static let pause = Duration.milliseconds(200)
    /// When a configuration that cannot be read is tried again.
    public static let retryInterval = Duration.seconds(60)
    /// Parsed configuration versions kept in memory.
    public static let versionsKept = 256
}
