/// What reading from standbys keeps to.
enum ReplicaLimits {
    /// How long a read waits for a standby that is a little behind, before it goes to the primary: about that long, in steps
    /// that double.
    static let longestWait = Duration.milliseconds(60)
    static let firstStep = Duration.milliseconds(1)
    /// How long a read waits for one of the standby's sessions.
    static let patience = Duration.seconds(1)
    /// How long a standby may say nothing when it is asked how far it is.
    static let longestSilence = Duration.seconds(1)
    /// How long after it was left out a standby is tried again; each time twice as long.
    static let firstPause = Duration.milliseconds(50)
    static let longestPause = Duration.seconds(2)
}
