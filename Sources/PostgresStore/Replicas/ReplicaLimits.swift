/// The limits of reads from standbys.
struct ReplicaLimits: Sendable {
    /// How long a read waits for a standby that is a little behind, before it goes to the primary. Approximate, as the steps
    /// double.
    var longestWait = Duration.milliseconds(60)
    /// How long a read waits for one of the standby's sessions.
    var patience = Duration.seconds(1)
    /// How long a standby may take to tell its position.
    var longestSilence = Duration.seconds(1)

    static let firstStep = Duration.milliseconds(1)
    /// How long the primary may take to tell its position.
    static let longestAsking = Duration.seconds(5)
    /// The pause before a standby that was left out is probed. It doubles each time.
    static let firstPause = Duration.milliseconds(50)
    static let longestPause = Duration.seconds(2)
}
