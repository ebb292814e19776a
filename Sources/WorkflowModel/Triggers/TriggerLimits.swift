/// The limits of triggers.
public enum TriggerLimits {
    /// Triggers of a configuration.
    public static let count = 50
    /// Runs that triggers start one after another, each by the end of the one before or by a webhook. The next one is cut.
    public static let chain = 20
    /// Bytes of the body of a webhook's call.
    public static let bodyBytes = 262_144
    /// Bytes of the id of a webhook's call.
    public static let deliveryBytes = 128
    /// Bytes of the name of a webhook, which are those of a secret's name.
    public static let nameBytes = SecretRule.longestName
    /// How much the time of a signed call may differ from that of the service.
    public static let tolerance = Duration.seconds(300)
    /// Bytes of the key that signs calls.
    public static let shortestKey = 16
    /// Bytes of the note of a firing. A longer one is cut.
    public static let noteBytes = 1_024
    /// Firings after a run that are shown with it.
    public static let shownFirings = 100
    /// Firings that are read between two passes.
    public static let firingsAtOnce = 50
    /// How often the store is asked for firings, independently of its signals.
    public static let pollInterval = Duration.seconds(2)
    /// When a firing is decided again whose workflow this version cannot read.
    public static let retryInterval = Duration.seconds(60)
}
