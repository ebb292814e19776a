/// The events that can raise an alert.
public enum AlertEvent: String, CaseIterable, Sendable {
    case failed
    case succeeded
    case stopped
    /// A run takes longer than the `warn_after` of its configuration.
    case slow
    /// A schedule missed a tick: no run was started for it.
    case tickMissed = "tick_missed"

    /// The event for the end of a run; nil for a run that has not ended.
    public init?(endedIn state: RunState) {
        switch state {
        case .failed: self = .failed
        case .succeeded: self = .succeeded
        case .canceled: self = .stopped
        case .scheduled, .started, .inProgress, .runningWithFailures, .stopping: return nil
        }
    }

    /// The name of the event in a notification: `run.failed`, `tick.missed`.
    public var type: String {
        switch self {
        case .failed, .succeeded, .stopped, .slow: "run.\(rawValue)"
        case .tickMissed: "tick.missed"
        }
    }
}
