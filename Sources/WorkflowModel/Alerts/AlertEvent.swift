/// The events that can raise an alert.
public enum AlertEvent: String, CaseIterable, Sendable {
    case failed
    case succeeded
    case stopped
    /// A run succeeded, and its tasks left warnings. It has succeeded, too.
    case warning
    /// A run takes longer than the `warn_after` of its configuration.
    case slow
    /// A schedule missed a tick: no run was started for it.
    case tickMissed = "tick_missed"

    /// The events for the end of a run; none for a run that has not ended.
    /// - Parameter warnings: the number of warnings of its tasks.
    public static func all(endingIn state: RunState, warnings: Int) -> [AlertEvent] {
        switch state {
        case .failed: [.failed]
        case .succeeded: warnings > 0 ? [.succeeded, .warning] : [.succeeded]
        case .canceled: [.stopped]
        case .scheduled, .started, .inProgress, .runningWithFailures, .stopping: []
        }
    }

    /// The name of the event in a notification: `run.failed`, `tick.missed`.
    public var type: String {
        switch self {
        case .failed, .succeeded, .stopped, .warning, .slow: "run.\(rawValue)"
        case .tickMissed: "tick.missed"
        }
    }
}
