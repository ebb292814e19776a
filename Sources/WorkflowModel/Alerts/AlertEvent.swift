/// What somebody may want to be told of.
public enum AlertEvent: String, CaseIterable, Sendable {
    case failed
    case succeeded
    case stopped
    /// A run takes longer than its configuration's `warn_after`.
    case slow
    /// A schedule's time went by, and no run was started for it.
    case tickMissed = "tick_missed"

    /// What the end of a run is told as; nil for a run that goes on.
    public init?(endedIn state: RunState) {
        switch state {
        case .failed: self = .failed
        case .succeeded: self = .succeeded
        case .canceled: self = .stopped
        case .scheduled, .started, .inProgress, .runningWithFailures, .stopping: return nil
        }
    }

    /// As receivers are told: `run.failed`, `tick.missed`.
    public var type: String {
        switch self {
        case .failed, .succeeded, .stopped, .slow: "run.\(rawValue)"
        case .tickMissed: "tick.missed"
        }
    }
}
